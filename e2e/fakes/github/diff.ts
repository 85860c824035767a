import type { Links } from './links.ts'
import type { Repository } from './state.ts'
import { repositoryApi, repositoryPage } from './links.ts'

/** Splits a unified diff into GitHub's list of changed files, each with its hunks. */
export function changedFiles(links: Links, repository: Repository, sha: string, diff: string) {
  return diff.split(/^diff --git /m).slice(1).map((part) => {
    const filename = /^a\/.* b\/(.*)$/m.exec(part)?.[1] ?? ''
    const status = part.includes('\nnew file mode') ? 'added' : part.includes('\ndeleted file mode') ? 'removed' : 'modified'
    const patch = part.slice(part.indexOf('\n@@') + 1)
    const additions = count(patch, '+')
    const deletions = count(patch, '-')
    const path = `${encodeURIComponent(filename)}?ref=${sha}`
    return {
      sha: /^index [\da-f]+\.\.([\da-f]+)/m.exec(part)?.[1] ?? null,
      filename,
      status,
      additions,
      deletions,
      changes: additions + deletions,
      blob_url: `${repositoryPage(links, repository)}/blob/${sha}/${filename}`,
      raw_url: `${repositoryPage(links, repository)}/raw/${sha}/${filename}`,
      contents_url: `${repositoryApi(links, repository)}/contents/${path}`,
      patch,
    }
  })
}

function count(patch: string, sign: string): number {
  return patch.split('\n').filter(line => line.startsWith(sign)).length
}
