import { expect, test } from 'vitest'
import { onStorage } from '../testing/harness.ts'
import { createMemoryMeasurement } from './testing/measure-memory.ts'

/** `npm run bench:memory` measures 100,000 messages, and the time. */
const FLAT = 1.2

test('rows read and tokens sent for a context and a compaction do not depend on the length of the conversation', async () => {
  const [short, long] = [await measured(200), await measured(6_000)]
  for (const part of ['context', 'compaction'] as const) {
    expect(long[part].rows / short[part].rows).toBeLessThanOrEqual(FLAT)
    expect(long[part].tokens / short[part].tokens).toBeLessThanOrEqual(FLAT)
  }
})

function measured(messages: number) {
  return onStorage(async (storage) => {
    const measurement = createMemoryMeasurement(storage)
    const texts = Array.from({ length: 20 }, (_, n) => `${n} `.repeat(n % 2 === 0 ? 1_000 : 40))
    measurement.fill({ through: messages, texts })
    while (!(await measurement.catchUp(1_000)).rests);
    measurement.untilDue({ texts })
    return { context: measurement.context(1), compaction: await measurement.compact(1) }
  })
}
