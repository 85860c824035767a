import type { Links } from '../links.ts'
import type { User } from '../state.ts'
import { nodeId } from '../links.ts'

export function userResponse(links: Links, { id, login, type }: User) {
  const url = `${links.api}/users/${encodeURIComponent(login)}`
  return {
    login,
    id,
    node_id: nodeId('U', id),
    avatar_url: `${links.server}/avatars/${id}`,
    gravatar_id: '',
    url,
    html_url: `${links.server}/${encodeURIComponent(login)}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type,
    site_admin: false,
  }
}
