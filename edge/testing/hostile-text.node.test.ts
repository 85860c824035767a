import { describe, expect, test } from 'vitest'
import { HOSTILE_SEEDS, TEXT_READERS } from './hostile-text.ts'

const CHARACTERS = 64_000

describe.each(Object.entries(TEXT_READERS))('%s of any length is read', (_, read) => {
  test.each(HOSTILE_SEEDS)('as repetitions of %j', (seed) => {
    expect(() => read(seed.repeat(CHARACTERS / seed.length))).not.toThrow()
  })
})
