import { expect, test } from 'vitest'
import { app } from '../app.ts'
import { ROUTE_POLICIES } from './route-policy.ts'

/** Middleware is registered on a pattern; what is left are the routes. */
const routes = app.routes.filter(({ path }) => !path.includes('*')).map(({ method, path }) => `${method} ${path}`)

test('every route has a policy, and no policy is without a route', () => {
  expect([...new Set(routes)].sort()).toEqual(Object.keys(ROUTE_POLICIES).sort())
})

test('what is open to those who are not known is this and no more', () => {
  const open = Object.entries(ROUTE_POLICIES).filter(([, { caller }]) => caller === 'anyone' || caller === 'page').map(([route]) => route)
  expect(open).toEqual(['GET /api/health', 'POST /api/pair', 'POST /api/pair/claim', 'POST /api/pair/finish'])
})
