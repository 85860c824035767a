import { expect, test } from 'vitest'
import { findPrivateWord } from './private-words.ts'

test.each([
  ['judgeFile', 'judge'],
  ['judge-file.ts', 'judge'],
  ['DOORS', 'door'],
  ['settledAt', 'settle'],
  ['settling', 'settle'],
  ['hurriedLooks', 'hurry'],
  ['fileShelves', 'shelf'],
  ['HTMLDoor', 'door'],
])('%s has the private word %s', (name, word) => {
  expect(findPrivateWord(name)?.word).toBe(word)
})

test.each(['desktop', 'indoors', 'worldwide', 'newsletter', 'unsettling', 'classifyPod'])('%s has none', (name) => {
  expect(findPrivateWord(name)).toBeNull()
})
