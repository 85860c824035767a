// @vitest-environment jsdom
// DOMPurify leaves dangerous elements in place on happy-dom.
import { expect, test } from 'vitest'
import { renderMarkdown } from './markdown.ts'

function rendered(text: string): HTMLElement {
  const root = document.createElement('div')
  root.innerHTML = renderMarkdown(text).join('')
  return root
}

test.each([
  ['a script', '<script>alert(1)</script>'],
  ['an event handler', '<img src=x onerror=alert(1)>'],
  ['a javascript link', '[go](javascript:alert(1))'],
  ['a javascript link in capitals and entities', '[go](JAVA&#115;CRIPT:alert(1))'],
  ['a data link', '[go](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)'],
  ['a vbscript autolink', '<vbscript:alert(1)>'],
  ['an svg', '<svg onload=alert(1)>'],
  ['a frame', '<iframe src="https://example.com"></iframe>'],
  ['a form', '<form action="https://example.com"><input name=q></form>'],
  ['a style', '<style>*{display:none}</style>'],
  ['a math namespace trick', '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>'],
  ['a fence whose language breaks out', '```"><img/src=x/onerror=alert(1)>\nx\n```'],
  ['a title that breaks out', '[a](https://example.com "\\"onmouseover=alert(1)")'],
  ['an image, which would be a request', '![x](https://example.com/x.png)'],
])('%s is inert', (_, text) => {
  const root = rendered(text)
  expect(root.querySelectorAll('script, img, svg, iframe, form, input, style, math, object, embed')).toHaveLength(0)
  for (const element of root.querySelectorAll('*')) {
    expect([...element.attributes].filter(({ name }) => name.startsWith('on') || name === 'style')).toEqual([])
    expect(element.getAttribute('href') ?? 'https:').toMatch(/^(?:https?|mailto):/)
  }
})

test('links open in a new tab and send no referrer', () => {
  const link = rendered('[docs](https://example.com/a?b=c)').querySelector('a')
  expect(link?.getAttribute('href')).toBe('https://example.com/a?b=c')
  expect(link?.rel).toBe('noopener noreferrer nofollow')
  expect(link?.target).toBe('_blank')
})

test('a code block keeps every character but its last line break, and has its language and a copy button', () => {
  const root = rendered('```ts\nif (a < b && c) {}\n```')
  expect(root.querySelector('code')?.textContent).toBe('if (a < b && c) {}')
  expect(root.querySelector('.code-head span')?.textContent).toBe('ts')
  expect(root.querySelector('button')?.type).toBe('button')
  expect(root.querySelector('pre')?.tabIndex).toBe(0)
})

test.each([
  ['これは**「重要」**です', '「重要」'],
  ['**これは重要。**次へ', 'これは重要。'],
  ['请看**（注意）**这里', '（注意）'],
  ['그것은**(중요)**합니다', '(중요)'],
  ['a **bold** word', 'bold'],
])('%s has a bold part', (text, bold) => {
  expect(rendered(text).querySelector('strong')?.textContent).toBe(bold)
})

test.each(['2 ** 3 ** 4', 'a ** b ** c'])('%s has none', (text) => {
  expect(rendered(text).querySelector('strong')).toBeNull()
})

test.each([['```\na\n\n```', 'a\n'], ['```\n  a\n```', '  a'], ['    a\n', 'a'], ['```\n```', '']])('the code of %j is %j', (text, code) => {
  expect(rendered(text).querySelector('code')?.textContent).toBe(code)
})

test('a text shows its HTML as text', () => {
  expect(rendered('a <b>bold</b> word').textContent?.trim()).toBe('a <b>bold</b> word')
})

test('a growing text keeps its finished blocks', () => {
  const text = '# One\n\nTwo words.\n\n- a\n- b\n\n```ts\nx\n```\n\nThe end.'
  const whole = renderMarkdown(text)
  expect(whole).toHaveLength(5)
  for (let length = 0; length < text.length; length++) {
    const before = renderMarkdown(text.slice(0, length)).slice(0, -1)
    expect(before).toEqual(whole.slice(0, before.length))
  }
})

test('a link reference may follow its use', () => {
  expect(rendered('The [end][1].\n\n[1]: https://example.com').querySelector('a')?.href).toBe('https://example.com/')
})
