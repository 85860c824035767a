import type { TextPiece } from './streamed-text.ts'
import { expect, test } from 'vitest'
import { withPiece, withPieces } from './streamed-text.ts'

test.each<[string, string, TextPiece[], string]>([
  ['frames follow the stored text', 'Hello', [{ offset: 5, text: ' wor' }, { offset: 9, text: 'ld' }], 'Hello world'],
  ['the stored text stands without frames', 'Hello', [], 'Hello'],
  ['the checkpoint overtook the frames', 'Hello world', [{ offset: 0, text: 'Hello' }], 'Hello world'],
  ['the checkpoint ends inside a frame', 'Hello w', [{ offset: 5, text: ' world' }], 'Hello world'],
  ['a lost frame holds back the frames after it', 'Hello', [{ offset: 9, text: 'ld' }], 'Hello'],
  ['the checkpoint closes the gap', 'Hello wor', [{ offset: 5, text: ' w' }, { offset: 9, text: 'ld' }], 'Hello world'],
  ['a repeated frame is not repeated in the text', 'Hello', [{ offset: 5, text: ' wor' }, { offset: 5, text: ' world' }], 'Hello world'],
  ['a resumed reply replaces the frames before it', 'Hello', [{ offset: 5, text: ' moon, friend' }, { offset: 6, text: 'world' }], 'Hello world'],
  ['offsets count an emoji as two characters, as the edge does', '👋', [{ offset: 2, text: ' hi' }], '👋 hi'],
])('%s', (_, stored, frames, text) => {
  expect(withPieces(stored, frames.reduce<TextPiece[]>(withPiece, []))).toBe(text)
})

test('frames that join are kept as one', () => {
  const frames = [{ offset: 0, text: 'a' }, { offset: 1, text: 'b' }, { offset: 2, text: 'c' }]
  expect(frames.reduce<TextPiece[]>(withPiece, [])).toEqual([{ offset: 0, text: 'abc' }])
})
