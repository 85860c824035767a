import { expect, test } from 'vitest'
import { inTimeSlices } from './time-slices.ts'

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i)

test('one row is applied at once; many are applied in slices, and later rows after them', async () => {
  const applied: number[][] = []
  const yields: (() => void)[] = []
  const yieldToPage = () => new Promise<void>(resolve => yields.push(resolve))
  const add = inTimeSlices<number>(items => applied.push([...items]), yieldToPage)

  add([0])
  add(numbers(1, 1101))
  add([1101])
  expect(applied.map(({ length }) => length)).toEqual([1, 500])
  while (yields.length > 0) {
    yields.shift()?.()
    await Promise.resolve()
  }
  expect(applied.map(({ length }) => length)).toEqual([1, 500, 500, 101])
  expect(applied.flat()).toEqual(numbers(0, 1102))

  add([1102])
  expect(applied.at(-1)).toEqual([1102])
})
