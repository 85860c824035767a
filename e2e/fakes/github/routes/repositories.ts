import type { Call, Route } from '../route.ts'
import { must } from '#shared/lib/must.ts'
import { ApiError, notFound } from '../api-error.ts'
import { nodeId, repositoryApi, repositoryPage } from '../links.ts'
import { commitResponse } from '../responses/commit.ts'
import { contentResponse } from '../responses/content.ts'
import { fullRepositoryResponse } from '../responses/repository.ts'
import { userResponse } from '../responses/user.ts'
import { levelOfUser } from '../state.ts'

export const repositoryRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/repos/{owner}/{repo}',
    needs: 'read',
    // GitHub's response to an App's token has the permissions of a reader, whatever the token may do.
    handle: ({ hub, repository, level, account }) => ({
      status: 200,
      body: fullRepositoryResponse(hub.links, repository, account.permissions ? 'read' : level),
    }),
  },
  {
    method: 'get',
    path: '/repos/{owner}/{repo}/branches/{branch}',
    needs: 'read',
    handle: async (call) => {
      const { hub, repository } = call
      const name = must(call.params.branch, 'branch')
      const commit = await commitOf(call, `refs/heads/${name}`)
      const url = `${repositoryApi(hub.links, repository)}/branches/${name}`
      const required = name === repository.defaultBranch ? repository.requiredChecks : []
      const isProtected = required.length > 0
      return {
        status: 200,
        body: {
          name,
          commit: commitResponse(hub.links, repository, commit),
          _links: { self: url, html: `${repositoryPage(hub.links, repository)}/tree/${name}` },
          protected: isProtected,
          protection: {
            enabled: isProtected,
            required_status_checks: {
              enforcement_level: isProtected ? 'non_admins' : 'off',
              contexts: required,
              checks: required.map(context => ({ context, app_id: null })),
            },
          },
          protection_url: `${url}/protection`,
        },
      }
    },
  },
  {
    method: 'get',
    path: '/repos/{owner}/{repo}/rules/branches/{branch}',
    needs: 'read',
    // The fake has branch protection only, no rulesets.
    handle: () => ({ status: 200, body: [] }),
  },
  {
    method: 'get',
    path: '/repos/{owner}/{repo}/contents/{path}',
    needs: 'read',
    handle: async ({ hub, repository, params, query }) => {
      const path = must(params.path, 'path')
      const text = await repository.git.read(query.ref ?? `refs/heads/${repository.defaultBranch}`, path)
      if (text === null)
        throw notFound()
      return { status: 200, body: contentResponse(hub.links, repository, path, text) }
    },
  },
  {
    method: 'get',
    path: '/repos/{owner}/{repo}/git/ref/{ref}',
    needs: 'read',
    handle: async ({ hub, repository, params }) => {
      if ((await repository.git.branches()).size === 0)
        throw new ApiError(409, 'Git Repository is empty.')
      const ref = `refs/${params.ref}`
      const sha = await repository.git.resolve(ref)
      if (!sha)
        throw notFound()
      const api = repositoryApi(hub.links, repository)
      const object = { type: 'commit', sha, url: `${api}/git/commits/${sha}` }
      return { status: 200, body: { ref, node_id: nodeId('REF', repository.id), url: `${api}/git/${ref}`, object } }
    },
  },
  {
    method: 'delete',
    path: '/repos/{owner}/{repo}/git/refs/{ref}',
    needs: 'write',
    handle: async ({ repository, params, announcePush }) => {
      const ref = `refs/${params.ref}`
      if (!(await repository.git.resolve(ref)))
        throw new ApiError(422, 'Reference does not exist')
      await repository.git.remove(ref)
      await announcePush()
      return { status: 204 }
    },
  },
  {
    method: 'get',
    path: '/repos/{owner}/{repo}/collaborators/{username}/permission',
    needs: 'read',
    handle: ({ hub, repository, params }) => {
      const user = hub.state.users.get(must(params.username, 'username'))
      if (!user)
        throw notFound()
      const level = levelOfUser(hub.state, repository, user.login)
      return {
        status: 200,
        body: {
          permission: level,
          role_name: level,
          user: { ...userResponse(hub.links, user), role_name: level, permissions: { pull: level !== 'none', push: level === 'write', admin: false } },
        },
      }
    },
  },
  {
    method: 'get',
    path: '/repos/{owner}/{repo}/commits/{ref}',
    needs: 'read',
    handle: async (call) => {
      if ((await call.repository.git.branches()).size === 0)
        throw new ApiError(409, 'Git Repository is empty.')
      return { status: 200, body: commitResponse(call.hub.links, call.repository, await commitOf(call, must(call.params.ref, 'ref'))) }
    },
  },
]

async function commitOf({ repository }: Call, revision: string) {
  const sha = await repository.git.resolve(revision)
  if (!sha)
    throw notFound()
  return repository.git.readCommit(sha)
}
