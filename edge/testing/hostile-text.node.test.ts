import { describe, expect, test } from 'vitest'
import { parseRepository } from '#shared/model/repository.ts'
import { createPartsJoiner } from '#shared/protocol/parts.ts'
import { createRedactor } from '#shared/redact.ts'
import { growth, LINEAR } from '#shared/testing/growth.ts'
import { readShortCode } from '../pairing/short-code.ts'
import { parseRunnerFrame } from '../runner-connection/parse-runner-frame.ts'
import { readLiveFrame } from '../sync/read-live-frame.ts'

/** Long runs of what a pattern begins with are what makes a careless one take for ever. */
const SEEDS = ['/', '@', '-', '.', 'a', 'https://', 'git@', '"', '\\', '[', '{"a":', 'a/', '`', '> ', '\n', '<!--', '%', '😀']

describe.each(Object.entries({
  'a repository': parseRepository,
  'a short code': readShortCode,
  'a frame of a runner': parseRunnerFrame,
  'a frame of a device': (text: string) => readLiveFrame(text, createPartsJoiner(1000)),
  'a text to redact': createRedactor([]),
}))('%s takes time in proportion to its length', (_, read) => {
  test.each(SEEDS)('%j, over and over', (seed) => {
    expect(growth(read, seed)).toBeLessThan(LINEAR)
  })
})
