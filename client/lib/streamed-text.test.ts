import type { TextPiece } from './streamed-text.ts'
import { expect, test } from 'vitest'
import { withPiece, withPieces } from './streamed-text.ts'

test.each<[string, string, TextPiece[], string]>([
  ['frames follow the stored text', 'Hello', [{ offset: 5, text: ' wor' }, { offset: 9, text: 'ld' }], 'Hello world'],
  ['nothing has come', 'Hello', [], 'Hello'],
  ['the checkpoint overtook the frames', 'Hello world', [{ offset: 0, text: 'Hello' }], 'Hello world'],
  ['the checkpoint ends inside a frame', 'Hello w', [{ offset: 5, text: ' world' }], 'Hello world'],
  ['a lost frame holds back what follows', 'Hello', [{ offset: 9, text: 'ld' }], 'Hello'],
  ['the checkpoint closes the gap', 'Hello wor', [{ offset: 5, text: ' w' }, { offset: 9, text: 'ld' }], 'Hello world'],
  ['a repeated frame says nothing twice', 'Hello', [{ offset: 5, text: ' wor' }, { offset: 5, text: ' world' }], 'Hello world'],
  ['a resumed reply replaces what was said before it', 'Hello', [{ offset: 5, text: ' moon, friend' }, { offset: 6, text: 'world' }], 'Hello world'],
  ['emoji count as the edge counts them', '👋', [{ offset: 2, text: ' hi' }], '👋 hi'],
])('%s', (_, stored, frames, text) => {
  expect(withPieces(stored, frames.reduce<TextPiece[]>(withPiece, []))).toBe(text)
})

test('frames that join are kept as one', () => {
  expect(
    [
      { offset: 0, text: 'a' },
      { offset: 1, text: 'b' },
      { offset: 2, text: 'c' },
    ].reduce<TextPiece[]>(withPiece, []),
  ).toEqual([{ offset: 0, text: 'abc' }])
})
