import { expect, test } from 'vitest'
import { parseJson } from './parse-json.ts'

test.each([['{"a":1}', { a: 1 }], ['null', null], ['', undefined], ['{', undefined], ['undefined', undefined]])('%j gives %j', (text, value) => {
  expect(parseJson(text)).toEqual(value)
})

test('the caller can turn a syntax error into a value', () => {
  expect(parseJson('plain', error => error.name)).toBe('SyntaxError')
})
