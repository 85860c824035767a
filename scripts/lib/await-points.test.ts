import { expect, test } from 'vitest'
import { instrument } from './await-points.ts'

test.each([
  ['an await', 'async () => await go()', 'async () => await __one("f.ts#1", go())'],
  ['an await in an await', 'async () => await go(await now())', 'async () => await __one("f.ts#1", go(await __one("f.ts#2", now())))'],
  ['an await at the end of another', 'async () => await (await a)', 'async () => await (__one("f.ts#1", await __one("f.ts#2", a)))'],
  ['a loop', 'async () => { for await (const a of all()) await a }', 'async () => { for await (const a of __each("f.ts#1", all())) await __one("f.ts#2", a) }'],
])('%s gets a hook', (_, code, expected) => {
  const instrumented = instrument(code, 'f.ts')
  expect(instrumented.slice(instrumented.indexOf('async'))).toBe(expected)
})

test('code without an await stays unchanged', () => {
  expect(instrument('for (const a of all()) go(a)', 'f.ts')).toBe('for (const a of all()) go(a)')
})
