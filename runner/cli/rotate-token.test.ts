import type { NewToken, TokenView } from '#shared/protocol/access.ts'
import { expect, test } from 'vitest'
import { EdgeRefusal } from '../edge-api/edge-api.ts'
import { rotateToken } from './rotate-token.ts'

const DAY_MS = 24 * 3_600_000
const old: TokenView = { id: 't1', kind: 'mcp', name: 'Laptop', scopes: ['read', 'write'], createdAt: 1_000, expiresAt: 1_000 + 90 * DAY_MS, seenAt: 5 }

function setUp({ tokens = [old], create = true } = {}) {
  const calls: unknown[] = []
  return {
    calls,
    api: {
      tokens: async () => ({ tokens }),
      async createToken(token: NewToken) {
        if (!create)
          throw new EdgeRefusal('There can be 100 tokens at most.')
        calls.push(token)
        return { token: 'new', view: { ...old, id: 't2' }, secret: null }
      },
      async revokeToken(id: string) {
        calls.push(id)
        return {}
      },
    },
  }
}

test('the new token exists before the old one is revoked, with the same scopes and lifetime', async () => {
  const { api, calls } = setUp()
  expect(await rotateToken(api, 't1')).toMatchObject({ token: 'new', view: { id: 't2' } })
  expect(calls).toEqual([{ kind: 'mcp', name: 'Laptop', scopes: ['read', 'write'], days: 90 }, 't1'])
})

test('a token that does not expire is replaced by one that does not expire', async () => {
  const { api, calls } = setUp({ tokens: [{ ...old, expiresAt: null }] })
  await rotateToken(api, 't1')
  expect(calls[0]).toMatchObject({ days: null })
})

test.each([
  ['there is no such token', { tokens: [] }, 'There is no token t1'],
  ['the token is a webhook\'s', { tokens: [{ ...old, kind: 'github' as const, scopes: [] }] }, 'mainloop webhook'],
  ['no new token can be created', { create: false }, '100 tokens at most'],
])('no token is revoked when %s', async (_, options, why) => {
  const { api, calls } = setUp(options)
  await expect(rotateToken(api, 't1')).rejects.toThrow(why)
  expect(calls).toEqual([])
})
