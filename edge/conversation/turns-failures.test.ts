import type { ModelFailure } from '../model/model.ts'
import { expect, test } from 'vitest'
import { failing, onTurnHarness, words } from './testing/turn-harness.ts'

const NOW = Date.UTC(2026, 10, 23, 12)
const cut: ModelFailure = { kind: 'cut', message: 'The connection broke off. Try again.' }

test.each<[ModelFailure['kind'], string]>([
  ['credential', 'Set ANTHROPIC_API_KEY.'],
  ['balance', 'Add credit.'],
  ['bad-request', 'Write it shorter.'],
])('%s fails at once and says what to do; a newer message is answered together with the old one', (kind, message) =>
  onTurnHarness(
    `failure ${kind}`,
    [() => failing('', { kind, message, retryAt: null }), () => words('Both.')],
    async ({ say, turns, turn, lines, requests }) => {
      await say('one')
      expect(await turns.answer()).toBeUndefined()
      expect(await turn()).toMatchObject({ state: 'failed', why: message })

      await turns.answer()
      expect(requests).toHaveLength(1)

      await say('two')
      await turns.answer()
      expect(requests[1]?.messages).toEqual([
        {
          role: 'user',
          content: [
            { kind: 'text', text: 'one' },
            { kind: 'text', text: 'two' },
          ],
        },
      ])
      expect(await lines()).toEqual(['person: one', 'person: two', 'claude done: Both.'])
    },
  ))

test.each<['rate-limited' | 'overloaded', number | null, number]>([
  ['rate-limited', NOW + 42_000, NOW + 42_000],
  ['overloaded', null, NOW + 5_000],
])('%s waits until %s in a synced row, and then goes on by itself', (kind, retryAt, until) =>
  onTurnHarness(
    `waits ${kind}`,
    [() => failing('', { kind, message: 'Busy.', retryAt }), () => words('Now.')],
    async ({ say, turns, turn, lines, clock, requests }) => {
      await say('Hello?')
      expect(await turns.answer()).toEqual({ retryAt: until })
      expect(await turn()).toMatchObject({ state: 'waiting', until, why: 'Busy.' })

      await say('Still there?')
      expect(await turns.answer()).toEqual({ retryAt: until })
      expect(requests).toHaveLength(1)

      clock.now = until
      expect(await turns.answer()).toBeUndefined()
      expect(await lines()).toEqual(['person: Hello?', 'person: Still there?', 'claude done: Now.'])
    },
  ))

test('waiting ends early when the person tries again', () =>
  onTurnHarness(
    'retry while waiting',
    [() => failing('', { kind: 'rate-limited', message: 'Busy.', retryAt: null }), () => words('Now.')],
    async ({ say, retry, turns, lines }) => {
      await say('Hello?')
      await turns.answer()
      await retry()
      expect(await turns.answer()).toBeUndefined()
      expect(await lines()).toEqual(['person: Hello?', 'claude done: Now.'])
    },
  ))

test('a cut reply is retried, and the new text replaces the old one', () =>
  onTurnHarness('cut once', [() => failing('Half', cut), () => words('All', ' of it.')], async ({ say, turns, lines, displayed }) => {
    await say('Hello?')
    await turns.answer()
    expect(await lines()).toEqual(['person: Hello?', 'claude done: All of it.'])
    expect([...displayed.values()]).toEqual(['All of it.'])
  }))

test('a reply cut three times fails with its text kept, and a retry goes on', () =>
  onTurnHarness('cut thrice', [
    () => failing('One', cut),
    () => failing('Two', cut),
    () => failing('Three', cut),
    () => words('Whole.'),
  ], async ({ say, retry, turns, turn, lines }) => {
    await say('Hello?')
    await turns.answer()
    expect(await turn()).toMatchObject({ state: 'failed', why: cut.message })
    expect(await lines()).toEqual(['person: Hello?', 'claude failed: Three'])
    await retry()
    await turns.answer()
    expect(await lines()).toEqual(['person: Hello?', 'claude done: Whole.'])
  }))

test('the next turn reads that a failed reply broke off', () =>
  onTurnHarness(
    'failed then asked',
    [() => failing('Half', { kind: 'balance', message: 'Add credit.' }), () => words('Fine.')],
    async ({ say, turns, requests, lines }) => {
      await say('one')
      await turns.answer()
      await say('two')
      await turns.answer()
      expect(requests[1]?.messages.map(({ role, content }) => [role, ...content.map(block => (block.kind === 'text' ? block.text : block.kind))])).toEqual([
        ['user', 'one'],
        ['assistant', 'Half\n[This reply broke off.]'],
        ['user', 'two'],
      ])
      expect(await lines()).toEqual(['person: one', 'claude failed: Half', 'person: two', 'claude done: Fine.'])
    },
  ))

test('a model that cannot be reached is tried three times with a growing backoff', () =>
  onTurnHarness(
    'unavailable',
    Array.from({ length: 3 }, () => () => failing('', { kind: 'unavailable', message: 'Not reached.' })),
    async ({ say, turns, turn, clock }) => {
      await say('Hello?')
      const waits: number[] = []
      for (let retry = await turns.answer(); retry; retry = await turns.answer()) {
        waits.push(retry.retryAt - clock.now)
        clock.now = retry.retryAt
      }
      expect(waits).toEqual([5_000, 10_000])
      expect(await turn()).toMatchObject({ state: 'failed', why: 'Not reached.' })
    },
  ))

test('an empty reply is retried', () =>
  onTurnHarness('empty', [() => words(), () => words('Something.')], async ({ say, turns, lines }) => {
    await say('Hello?')
    await turns.answer()
    expect(await lines()).toEqual(['person: Hello?', 'claude done: Something.'])
  }))

test('a turn that was given up before it began is failed, and only a retry begins it again', () =>
  onTurnHarness('gives up', [() => words('At last.')], async ({ say, turns, turn, retry, lines }) => {
    await say('Hello?')
    await turns.giveUp()
    expect(await turn()).toMatchObject({ state: 'failed', why: expect.stringContaining('several times') })
    expect(await turns.isWanted()).toBe(false)

    await retry()
    expect(await turns.isWanted()).toBe(true)
    await turns.answer()
    expect(await lines()).toEqual(['person: Hello?', 'claude done: At last.'])
    expect(await turns.isWanted()).toBe(false)
  }))

test('giving up after a failure and a newer message fails a turn for both', () =>
  onTurnHarness(
    'gives up the newer',
    [() => failing('', { kind: 'balance', message: 'Add credit.' }), () => words('Both.')],
    async ({ say, turns, retry, lines }) => {
      await say('one')
      await turns.answer()
      await say('two')
      await turns.giveUp()
      expect(await turns.isWanted()).toBe(false)

      await retry()
      await turns.answer()
      expect(await lines()).toEqual(['person: one', 'person: two', 'claude done: Both.'])
    },
  ))

test('isWanted works for a turn with an unreadable record', () =>
  onTurnHarness('unreadable', [() => failing('', { kind: 'balance', message: 'Add credit.' })], async ({ say, turns, store }) => {
    await say('one')
    await turns.answer()
    store.sql.exec('UPDATE turns SET steps = \'{\'')
    expect(await turns.isWanted()).toBe(false)
    await say('two')
    expect(await turns.isWanted()).toBe(true)
  }))
