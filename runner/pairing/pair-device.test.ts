import type { PairingView } from '#shared/protocol/access.ts'
import { expect, test } from 'vitest'
import { createEdgeApi } from '../edge-api/edge-api.ts'
import { pairDevice } from './pair-device.ts'

const claimed: PairingView = { state: 'claimed', name: 'Phone', phrase: 'amber otter piano' }

test.each([
  ['lets in whom the person knows', [{ state: 'open' }, claimed], true, 'paired', ['accept']],
  ['turns away whom the person does not know', [claimed], false, 'refused', ['refuse']],
  ['asks nobody when the code was not used', [{ state: 'open' }, { state: 'over' }], true, 'expired', []],
] satisfies [string, PairingView[], boolean, string, string[]][])('%s', async (_, views, yes, outcome, answers) => {
  const said: string[] = []
  const given: string[] = []
  const questions: string[] = []
  const left = [...views]
  const api = {
    offerPairing: async () => ({ id: 'p1', code: 'the-code', short: '4KX7-09TB', expiresAt: 0 }),
    readPairing: async () => left.shift() ?? { state: 'over' as const },
    answerPairing: async (_: string, accept: boolean) => {
      given.push(accept ? 'accept' : 'refuse')
      return { state: 'over' as const }
    },
  }
  const confirm = async (question: string) => {
    questions.push(question)
    return yes
  }
  expect(await pairDevice({ api, edge: 'https://edge.example', say: line => said.push(line), confirm, lookEveryMs: 0 }, new AbortController().signal)).toBe(
    outcome,
  )
  expect(said.join('\n')).toContain('https://edge.example/#pair=the-code')
  expect(said.join('\n')).toContain('4KX7-09TB')
  expect(given).toEqual(answers)
  expect(questions).toEqual(answers.length > 0 ? [expect.stringContaining('amber otter piano')] : [])
})

test.each([
  [
    'the edge\'s own words',
    async () => Response.json({ error: { message: 'Several codes are open already.' } }, { status: 429 }),
    'Several codes are open already.',
  ],
  ['that it answered strangely', async () => new Response('<html>', { status: 502 }), 'https://edge.example answered with 502.'],
  ['that it is away', async () => Promise.reject(new TypeError('fetch failed')), 'https://edge.example cannot be reached.'],
])('a refusal says %s', async (_, ask, says) => {
  await expect(createEdgeApi({ edge: 'https://edge.example', token: 'secret', ask }).offerPairing()).rejects.toThrow(says)
})
