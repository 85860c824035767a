import { appendFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
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

/** A file's content by its path. */
export type Files = Readonly<Record<string, string>>

/** A real bare repository: what the fake reads from it and writes to it. Branches are named without `refs/heads/`. */
export interface BareRepository {
  readonly path: string
  /**
   * Commits `files` on top of `branch`, which begins at the default branch when it is new; a null removes the file. `merging` is a branch that becomes
   * its second parent. Answers the commit.
   */
  commit: (branch: string, files: Readonly<Record<string, string | null>>, message: string, merging?: string) => Promise<string>
  /** Every branch with the commit it stands at. */
  branches: () => Promise<Map<string, string>>
  /** The commit a branch or sha names; null when there is none. */
  resolve: (revision: string) => Promise<string | null>
  /** Newest first; with `since`, only what it does not contain. */
  commits: (revision: string, since?: string) => Promise<Commit[]>
  /** null when the file is not there. */
  read: (revision: string, file: string) => Promise<string | null>
  /** All paths below `folder`. */
  list: (revision: string, folder?: string) => Promise<string[]>
  /** What `head` has that `base` has not, as a unified diff. */
  diff: (base: string, head: string) => Promise<string>
  /** Makes `folder` a checkout of the commit. */
  checkout: (sha: string, folder: string) => Promise<void>
  /** Whether two commits have one in common they come from. */
  related: (one: string, other: string) => Promise<boolean>
  /** The tree of both joined; null when they conflict. */
  mergeTree: (base: string, head: string) => Promise<string | null>
  /** Removes a ref by its full name. */
  remove: (ref: string) => Promise<void>
  /** Writes a commit of `tree` and moves the branch to it. */
  commitTree: (commit: { branch: string, tree: string, parents: readonly string[], message: string }) => Promise<string>
}

export async function createBareRepository(path: string, defaultBranch: string, now: () => Date): Promise<BareRepository> {
  await mkdir(path, { recursive: true })
  await git(['init', '--quiet', '--bare', `--initial-branch=${defaultBranch}`], { cwd: path })
  await appendFile(join(path, 'config'), CONFIG)
  return bareRepository(path, now)
}

/** Who may push is decided before http-backend starts, so it must not refuse for want of a REMOTE_USER. */
const CONFIG = `
[http]
  receivepack = true
[uploadpack]
  allowAnySHA1InWant = true
  allowFilter = true
[gc]
  auto = 0
`

/** A commit by its sha, or a parent of one. */
const FIXED = /^[\da-f]{40}(?:\^\d)?$/

function bareRepository(path: string, now: () => Date): BareRepository {
  const run = (...args: string[]) => git(args, { cwd: path })
  const answers = new Map<string, Promise<string>>()

  /** What git says of commits that are named by their sha stays true, and a process costs more than the answer: it is asked once. */
  function ask(revisions: readonly string[], ...args: string[]): Promise<string> {
    if (!revisions.every(revision => FIXED.test(revision)))
      return run(...args)
    const question = args.join('\0')
    const answer = answers.get(question) ?? run(...args)
    answers.set(question, answer)
    answer.catch(() => answers.delete(question))
    return answer
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
      const sha = await git(['fast-import', '--quiet', '--date-format=rfc2822'], {
        cwd: path,
        input: fastImport({ branch, parent, merging: merging === undefined ? null : await resolve(`refs/heads/${merging}`), files, message, date: now() }),
      })
      return sha.trim()
    },

    async branches() {
      const lines = await run('for-each-ref', '--format=%(objectname) %(refname:lstrip=2)', 'refs/heads')
      return new Map(lines.split('\n').filter(Boolean).map(line => [line.slice(41), line.slice(0, 40)]))
    },

    async commits(revision, since) {
      const format = ['%H', '%T', '%P', '%an', '%ae', '%aI', '%cn', '%ce', '%cI', '%B'].join('%x1f')
      const out = await ask(since ? [since, revision] : [revision], 'log', `--format=${format}%x1e`, since ? `${since}..${revision}` : revision, '--')
      return out.split('\x1E').map(entry => entry.trimStart()).filter(Boolean).map(readCommit)
    },

    read: (revision, file) => ask([revision], 'cat-file', 'blob', `${revision}:${file}`).catch(nullFor(128)),

    async list(revision, folder) {
      const out = await ask([revision], 'ls-tree', '-r', '-z', '--name-only', revision, ...(folder ? ['--', `${folder}/`] : []))
      return out.split('\0').filter(Boolean)
    },

    diff: (base, head) => ask([base, head], 'diff', '--no-color', '--no-ext-diff', `${base}...${head}`, '--'),

    async checkout(sha, folder) {
      await run('clone', '--quiet', '--no-checkout', path, folder)
      await git(['checkout', '--quiet', '--detach', sha], { cwd: folder })
    },

    related: async (one, other) => await ask([one, other], 'merge-base', one, other).catch(nullFor(1)) !== null,

    async mergeTree(base, head) {
      const out = await ask([base, head], 'merge-tree', '--write-tree', '--no-messages', base, head).catch(emptyFor(1))
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

/** Who the fake commits as. */
const AUTHOR = { name: 'Ada Example', email: 'ada@example.com' }

interface Import {
  branch: string
  parent: string | null
  merging: string | null
  files: Readonly<Record<string, string | null>>
  message: string
  date: Date
}

/** A commit as `git fast-import` reads it: one process for any number of files, and no index to clean up. */
function fastImport({ branch, parent, merging, files, message, date }: Import): string {
  return [
    `commit refs/heads/${branch}\nmark :1\n`,
    `committer ${AUTHOR.name} <${AUTHOR.email}> ${date.toUTCString().replace('GMT', '+0000')}\n`,
    data(message),
    parent ? `from ${parent}\n` : '',
    merging ? `merge ${merging}\n` : '',
    ...Object.entries(files).map(([file, content]) => content === null ? `D ${file}\n` : `M 100644 inline ${file}\n${data(content)}`),
    '\nget-mark :1\n',
  ].join('')
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`
}

function readCommit(entry: string): Commit {
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

/** For exit codes that are an answer, not a failure. */
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
