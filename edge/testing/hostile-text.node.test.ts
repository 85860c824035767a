import { describe, expect, test } from 'vitest'
import { HOSTILE_SEEDS, TEXT_READERS } from './hostile-text.ts'

const CHARACTERS = 64_000

describe.each(Object.entries(TEXT_READERS))('%s is read however long it is', (_, read) => {
  test.each(HOSTILE_SEEDS)('%j, over and over', (seed) => {
    expect(() => read(seed.repeat(CHARACTERS / seed.length))).not.toThrow()
  })
})
