import type { Links } from '../links.ts'
import type { Repository } from '../state.ts'
import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { repositoryApi, repositoryPage } from '../links.ts'

/** A file. */
export function contentResponse(links: Links, repository: Repository, path: string, text: string) {
  const bytes = Buffer.from(text)
  const sha = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
  const url = `${repositoryApi(links, repository)}/contents/${path}`
  const git = `${repositoryApi(links, repository)}/git/blobs/${sha}`
  const html = `${repositoryPage(links, repository)}/blob/${repository.defaultBranch}/${path}`
  return {
    type: 'file',
    name: path.split('/').at(-1) ?? path,
    path,
    sha,
    size: bytes.length,
    encoding: 'base64',
    content: bytes.toString('base64'),
    url,
    git_url: git,
    html_url: html,
    download_url: null,
    _links: { self: url, git, html },
  }
}
