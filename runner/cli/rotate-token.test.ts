import type { NewToken, TokenView } from '#shared/protocol/access.ts'
import { expect, test } from 'vitest'
import { EdgeRefusal } from '../edge-api/edge-api.ts'
import { rotateToken } from './rotate-token.ts'

const DAY_MS = 24 * 3_600_000
const old: TokenView = { id: 't1', kind: 'mcp', name: 'Laptop', scopes: ['read', 'write'], createdAt: 1_000, expiresAt: 1_000 + 90 * DAY_MS, seenAt: 5 }

function stage({ tokens = [old], create = true } = {}) {
  const calls: unknown[] = []
  return {
    calls,
    api: {
      tokens: async () => ({ tokens }),
      async createToken(wanted: NewToken) {
        if (!create)
          throw new EdgeRefusal('There can be 100 tokens at most.')
        calls.push(wanted)
        return { token: 'new', view: { ...old, id: 't2' }, secret: null }
      },
      async revokeToken(id: string) {
        calls.push(id)
        return {}
      },
    },
  }
}

test('the new one is there before the old one is void, and may the same for as long', async () => {
  const { api, calls } = stage()
  expect(await rotateToken(api, 't1')).toMatchObject({ token: 'new', view: { id: 't2' } })
  expect(calls).toEqual([{ kind: 'mcp', name: 'Laptop', scopes: ['read', 'write'], days: 90 }, 't1'])
})

test('one without an end is followed by one without an end', async () => {
  const { api, calls } = stage({ tokens: [{ ...old, expiresAt: null }] })
  await rotateToken(api, 't1')
  expect(calls[0]).toMatchObject({ days: null })
})

test.each([
  ['there is no such token', { tokens: [] }, 'There is no token t1'],
  ['it is a webhook\'s', { tokens: [{ ...old, kind: 'github' as const, scopes: [] }] }, 'mainloop webhook'],
  ['no new one can be made', { create: false }, '100 tokens at most'],
])('nothing is voided when %s', async (_, given, why) => {
  const { api, calls } = stage(given)
  await expect(rotateToken(api, 't1')).rejects.toThrow(why)
  expect(calls).toEqual([])
})
