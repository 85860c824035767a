import { expect, test } from 'vitest'
import createRateLimit from './rate-limit.ts'

test('a key has so many calls in a period, and each key its own', async () => {
  let now = 0
  const limiter = createRateLimit({ limit: 2, period: 60 }, () => now)
  const tries = async (...keys: string[]) => {
    const results: boolean[] = []
    for (const key of keys)
      results.push((await limiter.limit({ key })).success)
    return results
  }
  expect(await tries('a', 'a', 'a', 'b')).toEqual([true, true, false, true])
  now = 59_999
  expect(await tries('a')).toEqual([false])
  now = 60_000
  expect(await tries('a', 'a', 'a')).toEqual([true, true, false])
})

test('a flood of keys is forgotten from its oldest on', async () => {
  const limiter = createRateLimit({ limit: 1, period: 60 }, () => 0)
  for (let key = 0; key <= 100_000; key++)
    await limiter.limit({ key: String(key) })
  expect(await limiter.limit({ key: '1' })).toEqual({ success: false })
  expect(await limiter.limit({ key: '0' })).toEqual({ success: true })
})
