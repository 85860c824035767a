import { expect, test } from 'vitest'
import { CapnpEmbed, printCapnp } from './capnp.ts'

test.each([
  ['a text', 'a', '"a"'],
  ['quotes and backslashes', 'a"b\\c', '"a\\"b\\\\c"'],
  ['a line end and what is not ASCII', 'ä\n', '"\\xc3\\xa4\\x0a"'],
  ['a truth', true, 'true'],
  ['a file', new CapnpEmbed('a/b.js'), 'embed "a/b.js"'],
  ['nothing in a struct', {}, '()'],
  ['nothing in a list', [], '[]'],
  ['a struct of lists', { names: ['a', 'b'], inner: { on: false } }, '(\n  names = [\n    "a",\n    "b"\n  ],\n  inner = (\n    on = false\n  )\n)'],
])('%s', (_, value, text) => {
  expect(printCapnp(value)).toBe(text)
})
