import { expect, test } from 'vitest'
import { onStorage } from '../testing/harness.ts'
import { createMemoryMeasurement } from './testing/measure-memory.ts'

/** At 100,000 messages and with its time it is measured by `npm run bench:memory`. */
const FLAT = 1.2

test('what is read for a context and for one compaction, and what the model is given, does not depend on the length of the conversation', async () => {
  const [short, long] = [await measured(200), await measured(6_000)]
  for (const what of ['context', 'compaction'] as const) {
    expect(long[what].rows / short[what].rows).toBeLessThanOrEqual(FLAT)
    expect(long[what].tokens / short[what].tokens).toBeLessThanOrEqual(FLAT)
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
