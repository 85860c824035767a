import type { Route, RouteResponse } from './route.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startFakeGitHub } from './fake-github.ts'
import { loadOpenApi } from './openapi.ts'
import { routes } from './routes.ts'

type Body = Record<string, unknown>

/** Changes the body of every response about a repository. */
let corrupt = (body: Body): Body => body

function corrupted(route: Route): Route {
  return { ...route, handle: async (call) => {
    const response: RouteResponse = await route.handle(call)
    return { ...response, body: corrupt(Object.assign({}, response.body)) }
  } }
}

const github = await startFakeGitHub({ routes: routes.map(route => route.path === '/repos/{owner}/{repo}' ? corrupted(route) : route) })

beforeAll(async () => {
  await github.seed('octo/plain', { a: 'a\n' })
})

afterAll(() => github.close())

async function request(path: string, init: RequestInit = {}) {
  const response = await fetch(`${github.apiUrl}${path}`, {
    ...init,
    headers: { 'authorization': `token ${github.token}`, 'content-type': 'application/json' },
  })
  return { status: response.status, text: await response.text() }
}

describe('an invalid response fails the request and is recorded', () => {
  test.each([
    ['a missing property', ({ default_branch, ...rest }: Body) => rest, 'must have required property \'default_branch\''],
    ['a property of the wrong type', (body: Body) => ({ ...body, id: 'one' }), '/id must be integer'],
    ['a property that GitHub does not have', (body: Body) => ({ ...body, defaultBranch: 'main' }), '"additionalProperty":"defaultBranch"'],
    ['a wrong nested object', (body: Body) => ({ ...body, owner: { login: 'octo' } }), '/owner must have required property \'id\''],
  ])('%s', async (_, change, reason) => {
    corrupt = change
    expect((await request('/repos/octo/plain')).status).toBe(500)
    expect(github.violations.at(-1)).toContain(reason)
    corrupt = body => body
    expect((await request('/repos/octo/plain')).status).toBe(200)
  })
})

describe('an invalid request fails and is recorded', () => {
  const post = (body: unknown): RequestInit => ({ method: 'POST', body: JSON.stringify(body) })
  test.each([
    ['a query parameter that GitHub does not have', '/repos/octo/plain/pulls?stat=open', {}, '"additionalProperty":"stat"'],
    ['a value that is not allowed', '/repos/octo/plain/pulls?state=merged', {}, 'query/state must be equal to one of the allowed values'],
    ['a word in place of a number', '/repos/octo/plain/pulls/first', {}, 'path/pull_number must be integer'],
    ['a body without a required property', '/repos/octo/plain/pulls', post({ title: 'x' }), 'body must have required property \'head\''],
    [
      'a body with a misspelt property',
      '/repos/octo/plain/pulls',
      post({ title: 'x', head: 'a', base: 'main', is_draft: true }),
      '"additionalProperty":"is_draft"',
    ],
    ['an operation that the fake does not implement', '/repos/octo/plain/labels', {}, 'does not have this'],
    ['a GraphQL field that does not exist', '/graphql', post({ query: '{ viewer { nickname } }' }), 'Cannot query field'],
    ['a GraphQL field that the fake does not implement', '/graphql', post({ query: '{ viewer { bio } }' }), 'does not have User.bio'],
  ])('%s', async (_, path, init, reason) => {
    const before = github.violations.length
    const { status, text } = await request(path, init)
    expect([status, github.violations.length]).toEqual([500, before + 1])
    expect(github.violations.at(-1)).toContain(reason)
    expect(text).toContain('"message"')
  })
})

test('every operation of the fake is in GitHub\'s description', () => {
  const describeOperation = loadOpenApi()
  for (const { method, path } of routes)
    expect(() => describeOperation(method, path), `${method} ${path}`).not.toThrow()
})
