import type { Commit } from '../git/bare-repository.ts'
import type { Links } from '../links.ts'
import type { Repository } from '../state.ts'
import { nodeId, repositoryApi, repositoryPage } from '../links.ts'

export function commitResponse(links: Links, repository: Repository, { sha, tree, parents, author, committer, message }: Commit) {
  const api = repositoryApi(links, repository)
  const page = repositoryPage(links, repository)
  return {
    sha,
    node_id: nodeId('C', Number.parseInt(sha.slice(0, 12), 16)),
    url: `${api}/commits/${sha}`,
    html_url: `${page}/commit/${sha}`,
    comments_url: `${api}/commits/${sha}/comments`,
    commit: {
      url: `${api}/git/commits/${sha}`,
      author,
      committer,
      message,
      comment_count: 0,
      tree: { sha: tree, url: `${api}/git/trees/${tree}` },
      verification: { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null },
    },
    // GitHub sets these to the accounts with the commit's addresses; accounts of the fake have no addresses.
    author: null,
    committer: null,
    parents: parents.map(parent => ({ sha: parent, url: `${api}/commits/${parent}`, html_url: `${page}/commit/${parent}` })),
  }
}
