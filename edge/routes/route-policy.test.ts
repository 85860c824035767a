import { expect, test } from 'vitest'
import { app } from '../app.ts'
import { ROUTE_POLICIES } from './route-policy.ts'

/** Without the middleware, which is registered on patterns. */
const routes = app.routes.filter(({ path }) => !path.includes('*')).map(({ method, path }) => `${method} ${path}`)

test('every route has a policy, and no policy is without a route', () => {
  expect([...new Set(routes)].sort()).toEqual(Object.keys(ROUTE_POLICIES).sort())
})

test('only these routes are open to strangers', () => {
  const open = Object.entries(ROUTE_POLICIES).filter(([, { caller }]) => caller === 'anyone' || caller === 'page').map(([route]) => route)
  expect(open).toEqual(['GET /api/health', 'POST /api/pair', 'POST /api/pair/claim', 'POST /api/pair/finish'])
})
