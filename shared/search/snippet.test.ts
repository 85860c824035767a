import { expect, test } from 'vitest'
import { parseQuery } from './parse-query.ts'
import { snippet } from './snippet.ts'

function marked(text: string, query: string, length = 60): string {
  return snippet(text, parseQuery(query), length).map(part => part.hit ? `[${part.text}]` : part.text).join('')
}

const LONG = `${'filler words here '.repeat(20)}the red kite flew over the harbour${' and more words'.repeat(20)}`

test.each([
  ['marks every word', 'The red kite and the blue kite', 'kite red ', 'The [red] [kite] and the blue [kite]'],
  ['marks beginnings whole', 'We deployed the deployment', 'deploy', 'We [deployed] the [deployment]'],
  ['marks a phrase as one', 'red kite, kite red', '"red kite"', '[red kite], kite red'],
  ['marks whatever the case and accents', 'Un CAFÉ', 'cafe ', 'Un [CAFÉ]'],
  ['shows the beginning when nothing matches', 'Hello there', 'zebra ', 'Hello there'],
  ['shows line breaks as spaces', 'one\n\n  two', 'two ', 'one [two]'],
  ['is empty for an empty text', '', 'a', ''],
])('%s', (_, text, query, expected) => {
  expect(marked(text, query)).toBe(expected)
})

test('shows the part where most words stand together, and says that there is more', () => {
  const excerpt = marked(LONG, 'red harbour ')
  expect(excerpt).toContain('[red] kite flew over the [harbour]')
  expect(excerpt).toMatch(/^… .* …$/)
  expect(excerpt.length).toBeLessThan(110)
})
