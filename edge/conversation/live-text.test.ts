import { expect, test } from 'vitest'
import { messageKey } from '#shared/model/message.ts'
import { onTurnHarness, words } from './testing/turn-harness.ts'

const PIECES = Array.from({ length: 1_500 }, (_, n) => `word${n} `)
const TEXT = PIECES.join('')

test('a long reply is told exactly by its frames and costs few rows', () =>
  onTurnHarness(
    'live text',
    () => words(...PIECES),
    async ({ say, turns, store, shown, lines }) => {
      await say('Tell me.')
      const before = store.version()
      await turns.answer()
      expect([...shown]).toEqual([[messageKey(2), TEXT]])
      expect(await lines()).toEqual(['person: Tell me.', `claude done: ${TEXT}`])
      // One a 2,000 characters, and the few that begin and end a turn; not one a piece.
      expect(store.version() - before).toBeLessThanOrEqual(Math.ceil(TEXT.length / 2_000) + 4)
    },
  ))

test('a device that joins in the middle has the same text at the end', () =>
  onTurnHarness(
    'joined late',
    () => words(...PIECES),
    async ({ say, turns, store }) => {
      await say('Tell me.')
      const seen: string[] = []
      store.onCommit(keys => void (keys.includes(messageKey(2)) && store.rows.get(messageKey(2)).then(row => seen.push(JSON.stringify(row)))))
      await turns.answer()
      // What it shows in between is always a beginning of the whole, because a checkpoint is.
      const texts = seen.map(row => (JSON.parse(row) as { text: string }).text)
      expect(texts.every(text => TEXT.startsWith(text))).toBe(true)
      expect(texts.at(-1)).toBe(TEXT)
    },
  ))
