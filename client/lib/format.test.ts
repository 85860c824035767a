import process from 'node:process'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'

describe('days in New York', () => {
  const { TZ } = process.env
  let format: typeof import('./format.ts')

  beforeAll(async () => {
    process.env.TZ = 'America/New_York'
    vi.resetModules()
    format = await import('./format.ts')
  })
  afterAll(() => {
    if (TZ === undefined)
      delete process.env.TZ
    else
      process.env.TZ = TZ
    vi.resetModules()
  })

  test.each([
    // The clocks went forward on Sunday, the 8th, which had 23 hours.
    ['2026-03-09T00:30', '2026-03-07T23:45', /Saturday/],
    ['2026-03-09T00:30', '2026-03-08T00:15', /^Yesterday$/],
    ['2026-03-09T00:30', '2026-03-08T23:45', /^Yesterday$/],
    ['2026-03-09T00:30', '2026-03-09T00:10', /^Today$/],
    // They went back on Sunday, the 1st, which had 25 hours.
    ['2026-11-01T23:30', '2026-10-31T12:00', /^Yesterday$/],
    ['2026-11-01T23:30', '2026-11-01T00:30', /^Today$/],
    ['2026-03-01T12:00', '2026-02-28T12:00', /^Yesterday$/],
  ])('at %s a message of %s is of %s', (now, at, day) => {
    expect(format.dayName(new Date(at).getTime(), new Date(now).getTime())).toMatch(day)
  })
})
