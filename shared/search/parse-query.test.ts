import { expect, test } from 'vitest'
import { MAX_QUERY_LENGTH, parseQuery } from './parse-query.ts'

const whole = (...words: string[]) => ({ words, prefix: false })
const begin = (...words: string[]) => ({ words, prefix: true })

test.each([
  ['one unfinished word', 'kube', [begin('kube')]],
  ['a word that is complete', 'kube ', [whole('kube')]],
  ['several', 'blue green depl', [whole('blue'), whole('green'), begin('depl')]],
  ['a phrase', '"blue green" x ', [whole('blue', 'green'), whole('x')]],
  ['a phrase that is not closed', '"blue gre', [begin('blue', 'gre')]],
  ['a beginning', 'depl* now ', [begin('depl'), whole('now')]],
  ['a path', 'src/main.ts ', [whole('src', 'main', 'ts')]],
  ['accents and case', 'CAFÉ Ångström ', [whole('cafe'), whole('angstrom')]],
  [
    'operators, which are none',
    'a AND b OR NOT c NEAR(d) col:e ^f ',
    [whole('a'), whole('and'), whole('b'), whole('or'), whole('not'), whole('c'), whole('near', 'd'), whole('col', 'e'), whole('f')],
  ],
  ['nothing but signs', '"" * - () ^ :', []],
  ['nothing', '', []],
])('%s', (_, input, terms) => {
  expect(parseQuery(input)).toEqual(terms)
})

test('a pasted text is searched for by its beginning', () => {
  expect(parseQuery('word '.repeat(MAX_QUERY_LENGTH)).length).toBe(16)
})
