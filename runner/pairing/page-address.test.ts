import { expect, test } from 'vitest'
import { pageAddress } from './page-address.ts'

test.each([
  ['http://127.0.0.1:3000', 'http://mainloop.localhost:3000'],
  ['http://127.0.0.1', 'http://mainloop.localhost'],
  ['http://127.0.0.1.example', 'http://127.0.0.1.example'],
  ['https://mainloop.example', 'https://mainloop.example'],
])('browsers find %s at %s', (edge, page) => {
  expect(pageAddress(edge)).toBe(page)
})
