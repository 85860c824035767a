/**
 * The state of the live socket. `connecting`: the first try after a start
 * or a loss; `offline`: that try failed. `unauthorized` and `outdated`
 * end only when the person pairs again or loads the new version.
 */
export type ConnectionState = 'connecting' | 'live' | 'offline' | 'unauthorized' | 'outdated'
