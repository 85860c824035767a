import type { Route, RouteResponse } from './route.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startFakeGitHub } from './fake-github.ts'
import { loadOpenApi } from './openapi.ts'
import { routes } from './routes.ts'

type Body = Record<string, unknown>

/** What is done to a repository's answer on its way out. */
let spoil = (body: Body): Body => body

function spoiled(route: Route): Route {
  return { ...route, handle: async (call) => {
    const answer: RouteResponse = await route.handle(call)
    return { ...answer, body: spoil(Object.assign({}, answer.body)) }
  } }
}

const github = await startFakeGitHub({ routes: routes.map(route => route.path === '/repos/{owner}/{repo}' ? spoiled(route) : route) })

beforeAll(async () => {
  await github.seed('octo/plain', { a: 'a\n' })
})

afterAll(() => github.close())

async function ask(path: string, init: RequestInit = {}) {
  const response = await fetch(`${github.apiUrl}${path}`, {
    ...init,
    headers: { 'authorization': `token ${github.token}`, 'content-type': 'application/json' },
  })
  return { status: response.status, text: await response.text() }
}

describe('a wrong answer fails the request and is kept', () => {
  test.each([
    ['a property that is missing', ({ default_branch, ...rest }: Body) => rest, 'must have required property \'default_branch\''],
    ['a property of the wrong type', (body: Body) => ({ ...body, id: 'one' }), '/id must be integer'],
    ['a property that GitHub does not have', (body: Body) => ({ ...body, defaultBranch: 'main' }), '"additionalProperty":"defaultBranch"'],
    ['something wrong deep inside', (body: Body) => ({ ...body, owner: { login: 'octo' } }), '/owner must have required property \'id\''],
  ])('%s', async (_, change, reason) => {
    spoil = change
    expect((await ask('/repos/octo/plain')).status).toBe(500)
    expect(github.violations.at(-1)).toContain(reason)
    spoil = body => body
    expect((await ask('/repos/octo/plain')).status).toBe(200)
  })
})

describe('a wrong request fails and is kept', () => {
  const post = (body: unknown): RequestInit => ({ method: 'POST', body: JSON.stringify(body) })
  test.each([
    ['a query GitHub does not know', '/repos/octo/plain/pulls?stat=open', {}, '"additionalProperty":"stat"'],
    ['a value that is not allowed', '/repos/octo/plain/pulls?state=merged', {}, 'query/state must be equal to one of the allowed values'],
    ['a number that is none', '/repos/octo/plain/pulls/first', {}, 'path/pull_number must be integer'],
    ['a body without what is required', '/repos/octo/plain/pulls', post({ title: 'x' }), 'body must have required property \'head\''],
    [
      'a body with a misspelt property',
      '/repos/octo/plain/pulls',
      post({ title: 'x', head: 'a', base: 'main', is_draft: true }),
      '"additionalProperty":"is_draft"',
    ],
    ['an operation that nobody wrote', '/repos/octo/plain/labels', {}, 'does not have this'],
    ['a GraphQL field that does not exist', '/graphql', post({ query: '{ viewer { nickname } }' }), 'Cannot query field'],
    ['a GraphQL field that nobody wrote', '/graphql', post({ query: '{ viewer { bio } }' }), 'does not have User.bio'],
  ])('%s', async (_, path, init, reason) => {
    const before = github.violations.length
    const { status, text } = await ask(path, init)
    expect([status, github.violations.length]).toEqual([500, before + 1])
    expect(github.violations.at(-1)).toContain(reason)
    expect(text).toContain('"message"')
  })
})

test('every operation of the fake is one that GitHub describes', () => {
  const describeOperation = loadOpenApi()
  for (const { method, path } of routes)
    expect(() => describeOperation(method, path), `${method} ${path}`).not.toThrow()
})
