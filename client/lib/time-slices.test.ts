import { expect, test } from 'vitest'
import { inTimeSlices } from './time-slices.ts'

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i)

test('a change is applied at once; many are applied in slices, and what comes meanwhile comes after them', async () => {
  const applied: number[][] = []
  const pauses: (() => void)[] = []
  const add = inTimeSlices<number>(items => applied.push([...items]), () => new Promise(resolve => pauses.push(resolve)))

  add([0])
  add(numbers(1, 1101))
  add([1101])
  expect(applied.map(({ length }) => length)).toEqual([1, 500])
  while (pauses.length > 0) {
    pauses.shift()?.()
    await Promise.resolve()
  }
  expect(applied.map(({ length }) => length)).toEqual([1, 500, 500, 101])
  expect(applied.flat()).toEqual(numbers(0, 1102))

  add([1102])
  expect(applied.at(-1)).toEqual([1102])
})
