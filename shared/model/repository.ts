import * as z from 'zod'

/** `owner/name`, by GitHub's rules for both halves. */
export const repositoryName = z
  .string()
  .regex(/^[a-z\d](?:[a-z\d]|-(?=[a-z\d])){0,38}\/[\w.-]{1,100}$/i)
  .refine(name => !/\/\.{1,2}$/.test(name))
export type RepositoryName = z.infer<typeof repositoryName>

export type RepositoryParse
  = | { ok: true, name: RepositoryName }
    | { ok: false, kind: 'missing' | 'not-github' | 'malformed', message: string }

/**
 * Parses the usual ways to write a repository: `owner/name`, `https://github.com/owner/name(.git)`,
 * `git@github.com:owner/name.git`. A missing value, another host and a typo are separate errors.
 * The runner finds out whether the repository exists.
 */
export function parseRepository(input: string): RepositoryParse {
  const text = input.trim()
  if (text === '')
    return { ok: false, kind: 'missing', message: 'Name a repository as owner/name.' }
  const url = /^(?:(?:[a-z+]+:)?\/\/)?(?:[^@/]+@)?([a-z\d.-]+\.[a-z]{2,})(?::\d+)?[/:](.*)$/i.exec(text)
  if (url && !/^(?:www\.)?github\.com$/i.test(url[1] ?? '')) {
    return {
      ok: false,
      kind: 'not-github',
      message: `${url[1]} is not GitHub. Only repositories on github.com can be worked on.`,
    }
  }
  const [owner, name, ...rest] = (url ? url[2] ?? '' : text).replace(/[?#].*$/, '').split('/').filter(Boolean)
  const parsed = repositoryName.safeParse(`${owner ?? ''}/${(name ?? '').replace(/\.git$/i, '')}`)
  if (!parsed.success || (!url && rest.length > 0)) {
    return {
      ok: false,
      kind: 'malformed',
      message: `"${text.slice(0, 100)}" does not name a repository. Write owner/name or https://github.com/owner/name.`,
    }
  }
  return { ok: true, name: parsed.data }
}
