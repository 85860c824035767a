import { appendFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { must } from '#shared/lib/must.ts'
import { git } from './git.ts'

export interface Person {
  name: string
  email: string
  /** ISO 8601. */
  date: string
}

export interface Commit {
  sha: string
  tree: string
  parents: string[]
  author: Person
  committer: Person
  message: string
}

/** Contents of files by path. */
export type Files = Readonly<Record<string, string>>

/** A real bare repository. Branches are named without `refs/heads/`. */
export interface BareRepository {
  readonly path: string
  /**
   * Commits `files` to `branch`, which begins at the default branch when it is new, and returns the commit. A null removes the file.
   * `merging` is a branch that becomes the commit's second parent.
   */
  commit: (branch: string, files: Readonly<Record<string, string | null>>, message: string, merging?: string) => Promise<string>
  /** The newest commit of each branch. */
  branches: () => Promise<Map<string, string>>
  /** The commit of a branch or sha; null when there is none. */
  resolve: (revision: string) => Promise<string | null>
  /** Throws for an unknown commit. */
  readCommit: (sha: string) => Promise<Commit>
  /** Newest first; without `since` and its ancestors. */
  commits: (revision: string, since?: string) => Promise<Commit[]>
  /** null when the file does not exist. */
  read: (revision: string, file: string) => Promise<string | null>
  /** All paths below `folder`. */
  list: (revision: string, folder?: string) => Promise<string[]>
  /** A unified diff from the common ancestor to `head`. */
  diff: (base: string, head: string) => Promise<string>
  /** Checks the commit out into `folder`. */
  checkout: (sha: string, folder: string) => Promise<void>
  /** Whether two commits have a common ancestor. */
  related: (one: string, other: string) => Promise<boolean>
  /** The tree of the merge; null when the commits conflict. */
  mergeTree: (base: string, head: string) => Promise<string | null>
  /** Removes a ref by its full name. */
  remove: (ref: string) => Promise<void>
  /** Writes a commit of `tree`, moves the branch to it and returns it. */
  commitTree: (commit: { branch: string, tree: string, parents: readonly string[], message: string }) => Promise<string>
}

export async function createBareRepository(path: string, defaultBranch: string, now: () => Date): Promise<BareRepository> {
  await mkdir(path, { recursive: true })
  await git(['init', '--quiet', '--bare', `--initial-branch=${defaultBranch}`], { cwd: path })
  await appendFile(join(path, 'config'), CONFIG)
  return bareRepository(path, now)
}

/** The routes decide who may push before http-backend starts, so http-backend must allow every push. */
const CONFIG = `
[http]
  receivepack = true
[uploadpack]
  allowAnySHA1InWant = true
  allowFilter = true
[gc]
  auto = 0
`

/** A revision that names the same commit for ever: a sha, or a parent of one. */
const IMMUTABLE = /^[\da-f]{40}(?:\^\d)?$/

function bareRepository(path: string, now: () => Date): BareRepository {
  const run = (...args: string[]) => git(args, { cwd: path })
  const cache = new Map<string, Promise<string>>()

  /** Caches git's output for immutable revisions, because starting a process is slow. */
  function runCached(revisions: readonly string[], ...args: string[]): Promise<string> {
    if (!revisions.every(revision => IMMUTABLE.test(revision)))
      return run(...args)
    const key = args.join('\0')
    const output = cache.get(key) ?? run(...args)
    cache.set(key, output)
    output.catch(() => cache.delete(key))
    return output
  }

  async function log(revisions: readonly string[], range: string): Promise<Commit[]> {
    const out = await runCached(revisions, 'log', `--format=${LOG_FORMAT}`, range, '--')
    return out.split('\x1E').map(entry => entry.trimStart()).filter(Boolean).map(parseCommit)
  }

  async function resolve(revision: string) {
    const sha = await run('rev-parse', '--quiet', '--verify', '--end-of-options', `${revision}^{commit}`).catch(emptyFor(1, 128))
    return sha.trim() || null
  }

  return {
    path,
    resolve,

    async commit(branch, files, message, merging) {
      const parent = await resolve(`refs/heads/${branch}`) ?? await resolve('HEAD')
      const secondParent = merging === undefined ? null : await resolve(`refs/heads/${merging}`)
      const input = fastImport({ branch, parent, secondParent, files, message, date: now() })
      const sha = await git(['fast-import', '--quiet', '--date-format=rfc2822'], { cwd: path, input })
      return sha.trim()
    },

    async branches() {
      const lines = await run('for-each-ref', '--format=%(objectname) %(refname:lstrip=2)', 'refs/heads')
      return new Map(lines.split('\n').filter(Boolean).map(line => [line.slice(41), line.slice(0, 40)]))
    },

    commits: (revision, since) => log(since ? [since, revision] : [revision], since ? `${since}..${revision}` : revision),

    readCommit: async sha => must((await log([sha], `${sha}^!`))[0], sha),

    read: (revision, file) => runCached([revision], 'cat-file', 'blob', `${revision}:${file}`).catch(nullFor(128)),

    async list(revision, folder) {
      const out = await runCached([revision], 'ls-tree', '-r', '-z', '--name-only', revision, ...(folder ? ['--', `${folder}/`] : []))
      return out.split('\0').filter(Boolean)
    },

    diff: (base, head) => runCached([base, head], 'diff', '--no-color', '--no-ext-diff', `${base}...${head}`, '--'),

    async checkout(sha, folder) {
      await run('clone', '--quiet', '--no-checkout', path, folder)
      await git(['checkout', '--quiet', '--detach', sha], { cwd: folder })
    },

    related: async (one, other) => await runCached([one, other], 'merge-base', one, other).catch(nullFor(1)) !== null,

    async mergeTree(base, head) {
      const out = await runCached([base, head], 'merge-tree', '--write-tree', '--no-messages', base, head).catch(emptyFor(1))
      return out.slice(0, 40) || null
    },

    async remove(ref) {
      await run('update-ref', '-d', ref)
    },

    async commitTree({ branch, tree, parents, message }) {
      const date = now().toISOString()
      const env = {
        GIT_AUTHOR_NAME: AUTHOR.name,
        GIT_AUTHOR_EMAIL: AUTHOR.email,
        GIT_AUTHOR_DATE: date,
        GIT_COMMITTER_NAME: AUTHOR.name,
        GIT_COMMITTER_EMAIL: AUTHOR.email,
        GIT_COMMITTER_DATE: date,
      }
      const out = await git(['commit-tree', tree, ...parents.flatMap(parent => ['-p', parent]), '-F', '-'], { cwd: path, input: message, env })
      await run('update-ref', `refs/heads/${branch}`, out.trim())
      return out.trim()
    },
  }
}

/** Author and committer of all commits by the fake. */
const AUTHOR = { name: 'Ada Example', email: 'ada@example.com' }

interface Import {
  branch: string
  parent: string | null
  secondParent: string | null
  files: Readonly<Record<string, string | null>>
  message: string
  date: Date
}

/** Formats a commit for `git fast-import`, which needs one process for any number of files and no index. */
function fastImport({ branch, parent, secondParent, files, message, date }: Import): string {
  return [
    `commit refs/heads/${branch}\nmark :1\n`,
    `committer ${AUTHOR.name} <${AUTHOR.email}> ${date.toUTCString().replace('GMT', '+0000')}\n`,
    data(message),
    parent ? `from ${parent}\n` : '',
    secondParent ? `merge ${secondParent}\n` : '',
    ...Object.entries(files).map(([file, content]) => content === null ? `D ${file}\n` : `M 100644 inline ${file}\n${data(content)}`),
    '\nget-mark :1\n',
  ].join('')
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`
}

/** `parseCommit` reads these fields. */
const LOG_FORMAT = `${['%H', '%T', '%P', '%an', '%ae', '%aI', '%cn', '%ce', '%cI', '%B'].join('%x1f')}%x1e`

function parseCommit(entry: string): Commit {
  const [sha = '', tree = '', parents = '', name = '', email = '', date = '', committer = '', committerEmail = '', committed = '', message = '']
    = entry.split('\x1F')
  return {
    sha,
    tree,
    parents: parents.split(' ').filter(Boolean),
    author: { name, email, date },
    committer: { name: committer, email: committerEmail, date: committed },
    message: message.trimEnd(),
  }
}

/** Turns a failure with one of these exit codes into an empty output, because git uses them for "there is none". */
function emptyFor(...codes: number[]) {
  const orNull = nullFor(...codes)
  return (error: unknown) => orNull(error) ?? ''
}

function nullFor(...codes: unknown[]) {
  return (error: unknown) => {
    if (error instanceof Error && 'exitCode' in error && codes.includes(error.exitCode))
      return null
    throw error
  }
}
