import type { Hub } from './hub.ts'
import type { Pushes } from './pushes.ts'
import { Hono } from 'hono'
import { accountOf } from './accounts.ts'
import { httpBackend } from './git/http-backend.ts'
import { findRepository, levelOf } from './state.ts'

/** git's smart HTTP for every repository, with GitHub's refusals. */
export function createGitRoutes(hub: Hub, pushes: Pushes): Hono {
  return new Hono().on(['GET', 'POST'], '/:owner/:repo/:service{info/refs|git-upload-pack|git-receive-pack}', async (c) => {
    const { owner, repo, service } = c.req.param()
    const account = accountOf(hub.state, c.req.header('authorization'), hub.now())
    if (!account) {
      c.header('www-authenticate', 'Basic realm="GitHub"')
      return c.text('Support for password authentication was removed on August 13, 2021.', 401)
    }
    const repository = findRepository(hub.state, `${owner}/${repo.replace(/\.git$/, '')}`)
    if (!repository)
      return c.text('remote: Repository not found.', 404)
    const level = levelOf(account, repository)
    const isPush = service === 'git-receive-pack' || c.req.query('service') === 'git-receive-pack'
    if (level === 'none' || (isPush && (level !== 'write' || repository.archived)))
      return c.text(repository.archived ? 'This repository was archived so it is read-only.' : 'Write access to repository not granted.', 403)
    return httpBackend(
      { request: c.req.raw, repository: repository.git.path, path: `/${service}`, user: account.user.login },
      async () => service === 'git-receive-pack' ? pushes.announce(repository, account.user) : undefined,
    )
  })
}
