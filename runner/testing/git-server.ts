import type { AddressInfo } from 'node:net'
import { Buffer } from 'node:buffer'
import { execFileSync, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

export interface GitServer {
  url: string
  token: string
  /** Creates `owner/name` with a first commit of the files, or empty without files. Does nothing if it exists. */
  create: (repository: string, files?: Record<string, string>) => void
  /** Runs git in the bare repository. */
  git: (repository: string, ...args: string[]) => string
  /** Commits files to a branch as somebody else; `from` is the parent. Returns the commit. */
  commit: (repository: string, branch: string, files: Record<string, string>, from?: string) => string
  /** While true, pushes get 403, as from GitHub with a read-only token. */
  readOnly: boolean
  close: () => Promise<void>
}

/** Serves real bare repositories by `git http-backend`; every request needs the token. */
export async function startGitServer(host = '127.0.0.1'): Promise<GitServer> {
  const root = mkdtempSync(join(tmpdir(), 'mainloop-git-'))
  // Each server has its own token: the agent of one test can see the git processes of another.
  const token = `git-token-${randomUUID()}`
  const authorization = `Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`
  const state = { readOnly: false }

  const server = createServer((request, response) => {
    const { pathname, search } = new URL(request.url ?? '/', 'http://localhost')
    if (request.headers.authorization !== authorization)
      return response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end()
    if (state.readOnly && (pathname.endsWith('/git-receive-pack') || search.includes('git-receive-pack')))
      return response.writeHead(403, { 'content-type': 'text/plain' }).end('Permission to octo/hello.git denied to reader.')
    const cgi = spawn('git', ['http-backend'], {
      env: {
        PATH: process.env.PATH,
        GIT_PROJECT_ROOT: root,
        GIT_HTTP_EXPORT_ALL: '1',
        GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
        REMOTE_USER: 'test',
        REQUEST_METHOD: request.method,
        PATH_INFO: pathname,
        QUERY_STRING: search.slice(1),
        CONTENT_TYPE: request.headers['content-type'],
        HTTP_CONTENT_ENCODING: request.headers['content-encoding'],
      },
    })
    request.pipe(cgi.stdin)
    let head = Buffer.alloc(0)
    cgi.stdout.on('data', (chunk: Buffer) => {
      if (response.headersSent) {
        response.write(chunk)
        return
      }
      head = Buffer.concat([head, chunk])
      const end = head.indexOf('\r\n\r\n')
      if (end === -1)
        return
      const headers = Object.fromEntries(head.subarray(0, end).toString().split('\r\n').map(line => line.split(': ', 2)))
      response.writeHead(Number.parseInt(headers.Status ?? '200'), headers)
      response.write(head.subarray(end + 4))
    })
    cgi.on('close', () => response.end())
  })
  await new Promise<void>(resolve => server.listen(0, host, resolve))
  const { port } = server.address() as AddressInfo

  const git = (repository: string, ...args: string[]): string =>
    execFileSync('git', args, { cwd: join(root, `${repository}.git`), encoding: 'utf8', env: ENV, stdio: ['ignore', 'pipe', 'pipe'] })

  function commit(repository: string, branch: string, files: Record<string, string>, from?: string): string {
    const work = mkdtempSync(join(tmpdir(), 'mainloop-commit-'))
    const run = (...args: string[]): string =>
      execFileSync('git', ['--git-dir', join(root, `${repository}.git`), '--work-tree', work, ...args], {
        encoding: 'utf8',
        env: { ...ENV, GIT_INDEX_FILE: join(work, '.index') },
        stdio: ['ignore', 'pipe', 'pipe'],
      }).trim()
    if (from !== undefined)
      run('read-tree', from)
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(work, path)), { recursive: true })
      writeFileSync(join(work, path), text)
    }
    run('add', '-f', '--', ...Object.keys(files))
    const sha = run('commit-tree', run('write-tree'), '-m', 'A commit', ...(from === undefined ? [] : ['-p', from]))
    run('update-ref', `refs/heads/${branch}`, sha)
    rmSync(work, { recursive: true })
    return sha
  }

  return {
    url: `http://${host}:${port}`,
    token,
    git,
    commit,
    create(repository, files) {
      const bare = join(root, `${repository}.git`)
      if (existsSync(bare))
        return
      mkdirSync(bare, { recursive: true })
      execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', bare], { env: ENV })
      for (const setting of ['http.receivepack', 'uploadpack.allowFilter', 'uploadpack.allowAnySHA1InWant'])
        git(repository, 'config', setting, 'true')
      if (files)
        commit(repository, 'main', files)
    },
    get readOnly() {
      return state.readOnly
    },
    set readOnly(value) {
      state.readOnly = value
    },
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
      rmSync(root, { recursive: true, force: true })
    },
  }
}

const ENV = {
  PATH: process.env.PATH,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'Somebody',
  GIT_AUTHOR_EMAIL: 'somebody@example.org',
  GIT_COMMITTER_NAME: 'Somebody',
  GIT_COMMITTER_EMAIL: 'somebody@example.org',
}
