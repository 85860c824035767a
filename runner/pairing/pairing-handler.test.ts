import type { PairingView } from '#shared/protocol/access.ts'
import type { Answer } from './pairing-handler.ts'
import { expect, test } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { EdgeRefusal } from '../edge-api/edge-api.ts'
import { createPairingHandler } from './pairing-handler.ts'

/** A handler on an edge that offers the pairings p1, p2, … and returns `view` as their state. */
function setUp() {
  const answers: string[] = []
  const edge: { view: PairingView, refuses: string | null, made: number, now: number } = { view: { state: 'open' }, refuses: null, made: 0, now: 0 }
  const ask = createPairingHandler({
    edge: 'https://edge.example',
    now: () => edge.now,
    api: {
      async offerPairing() {
        if (edge.refuses)
          throw new EdgeRefusal(edge.refuses)
        edge.made += 1
        return { id: `p${edge.made}`, code: 'the-code', short: '4KX7-09TB', expiresAt: edge.now + 600_000 }
      },
      readPairing: async () => edge.view,
      async answerPairing(id, accept) {
        answers.push(`${id} ${accept}`)
        return edge.view
      },
    },
  })
  const as = (login: string) => (line: string, form = {}) => {
    const [method = '', path = ''] = line.split(' ')
    return ask({ login, method, path, form: new URLSearchParams(form) })
  }
  return { edge, answers, ada: as('ada@example.com'), bob: as('bob@example.com') }
}

function text(answer: Answer): string {
  return answer.kind === 'page' ? answer.page.text : must(answer.kind === 'text' ? answer.text : null, `a text in a ${answer.kind}`)
}

test('a person sees their login, makes a code, compares the words and accepts the device', async () => {
  const { edge, answers, ada } = setUp()
  expect(text(await ada('GET /'))).toContain('You are <strong>ada@example.com</strong>')
  expect(await ada('POST /pairings')).toEqual({ kind: 'redirect', path: '/pairings/p1' })

  const open = text(await ada('GET /pairings/p1'))
  for (const part of ['<svg', 'https://edge.example/#pair=the-code', '4KX7-09TB', 'data-state="open"'])
    expect(open).toContain(part)

  edge.view = { state: 'claimed', name: 'Phone', phrase: 'amber otter piano' }
  expect(text(await ada('GET /pairings/p1/state'))).toBe('claimed')
  const claimed = text(await ada('GET /pairings/p1'))
  expect(claimed).toMatch(/Phone.*amber otter piano/s)
  expect(claimed).not.toContain('the-code')

  expect(await ada('POST /pairings/p1/answer', { accept: 'yes' })).toEqual({ kind: 'redirect', path: '/pairings/p1' })
  expect(answers).toEqual(['p1 true'])
  edge.view = { state: 'over' }
  expect(text(await ada('GET /pairings/p1'))).toContain('This code is over')
})

test.each([{}, { accept: '' }, { accept: 'no' }, { accept: 'YES' }, { yes: 'yes' }])('every answer but yes is a no: %j', async (form) => {
  const { answers, ada } = setUp()
  await ada('POST /pairings')
  await ada('POST /pairings/p1/answer', form)
  expect(answers).toEqual(['p1 false'])
})

test('another login can neither see the code nor answer', async () => {
  const { answers, ada, bob } = setUp()
  await ada('POST /pairings')
  expect(text(await bob('GET /pairings/p1'))).not.toContain('the-code')
  expect(text(await bob('GET /pairings/p1/state'))).toBe('over')
  await bob('POST /pairings/p1/answer', { accept: 'yes' })
  expect(answers).toEqual([])
})

test('an expired code is forgotten', async () => {
  const { edge, ada } = setUp()
  await ada('POST /pairings')
  edge.now += 600_000
  await ada('POST /pairings')
  expect(await ada('GET /pairings/p1')).toMatchObject({ kind: 'page', status: 404 })
})

test('the name of a device is escaped', async () => {
  const { edge, ada } = setUp()
  await ada('POST /pairings')
  edge.view = { state: 'claimed', name: '<img src=x onerror=alert(1)>"\'&', phrase: 'a b c' }
  expect(text(await ada('GET /pairings/p1'))).toContain('&#60;img src=x onerror=alert(1)&#62;&#34;&#39;&#38;')
})

test('a refusal of the edge is shown with the edge\'s message', async () => {
  const { edge, ada } = setUp()
  edge.refuses = 'Several codes are open already.'
  const answer = await ada('POST /pairings')
  expect(answer).toMatchObject({ kind: 'page', status: 502 })
  expect(text(answer)).toContain('Several codes are open already.')
})

test.each(['GET /nothing', 'POST /', 'GET /pairings', 'DELETE /pairings/p1', 'GET /pairings/p1/state/more', 'GET /pairings/__proto__'])(
  '%s is not found',
  async (line) => {
    expect(await setUp().ada(line)).toMatchObject({ kind: 'page', status: 404 })
  },
)
