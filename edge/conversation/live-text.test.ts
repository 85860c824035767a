import { expect, test } from 'vitest'
import { messageKey } from '#shared/model/message.ts'
import { onTurnHarness, words } from './testing/turn-harness.ts'

const PIECES = Array.from({ length: 1_500 }, (_, n) => `word${n} `)
const TEXT = PIECES.join('')

test('the frames of a long reply have its exact text, and it costs few rows', () =>
  onTurnHarness(
    'live text',
    () => words(...PIECES),
    async ({ say, turns, store, displayed, lines }) => {
      await say('Tell me.')
      const before = store.version()
      await turns.answer()
      expect([...displayed]).toEqual([[messageKey(2), TEXT]])
      expect(await lines()).toEqual(['person: Tell me.', `claude done: ${TEXT}`])
      // One commit per 2,000 characters and a few for the turn itself; not one per piece.
      expect(store.version() - before).toBeLessThanOrEqual(Math.ceil(TEXT.length / 2_000) + 4)
    },
  ))

test('a device that joins in the middle has the same text at the end', () =>
  onTurnHarness(
    'joined late',
    () => words(...PIECES),
    async ({ say, turns, store }) => {
      await say('Tell me.')
      const checkpoints: string[] = []
      store.onCommit(keys => void (keys.includes(messageKey(2)) && store.rows.get(messageKey(2)).then(row => checkpoints.push(JSON.stringify(row)))))
      await turns.answer()
      // Every checkpoint is a beginning of the whole text.
      const texts = checkpoints.map(row => (JSON.parse(row) as { text: string }).text)
      expect(texts.every(text => TEXT.startsWith(text))).toBe(true)
      expect(texts.at(-1)).toBe(TEXT)
    },
  ))
