/**
 * Whether the edge hears us. `connecting` is the first try after a start or a loss; `offline` is said after it failed.
 * The last two are final until the person does something: pair again, or load the new version.
 */
export type ConnectionState = 'connecting' | 'live' | 'offline' | 'unauthorized' | 'outdated'
