import type { Token } from 'markdown-it'
import DOMPurify from 'dompurify'
import { LRUCache } from 'lru-cache'
import MarkdownIt from 'markdown-it'

const markdown = new MarkdownIt({ html: false, linkify: true, breaks: true })
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false })
// Pictures would be requests to third parties that the text chose.
markdown.disable('image')
markdown.renderer.rules.fence = (tokens, i) =>
  codeBlock(tokens[i]?.content ?? '', tokens[i]?.info.trim().split(/\s+/)[0] ?? '')
markdown.renderer.rules.code_block = (tokens, i) => codeBlock(tokens[i]?.content ?? '', '')
markdown.renderer.rules.table_open = () => '<div class="scroll" tabindex="0" role="region" aria-label="Table"><table>'
markdown.renderer.rules.table_close = () => '</table></div>'

const ADDRESS = /^(?:https?|mailto):/i

DOMPurify.setConfig({
  ALLOWED_TAGS: [
    'p',
    'br',
    'hr',
    'h1',
    'h2',
    'h3',
    'h4',
    'h5',
    'h6',
    'ul',
    'ol',
    'li',
    'blockquote',
    'strong',
    'em',
    's',
    'code',
    'pre',
    'a',
    'table',
    'thead',
    'tbody',
    'tr',
    'th',
    'td',
    'div',
    'span',
    'button',
  ],
  ALLOWED_ATTR: ['href', 'title', 'class', 'start', 'type', 'tabindex', 'role', 'aria-label'],
  ALLOWED_URI_REGEXP: ADDRESS,
  // Otherwise they would have to look like addresses.
  ADD_URI_SAFE_ATTR: ['start', 'type', 'tabindex'],
  ALLOW_DATA_ATTR: false,
  IN_PLACE: true,
})

/** A document without a window: what is parsed there neither loads nor runs anything. */
const inertDocument = document.implementation.createHTMLDocument('')

/** What was on the screen lately, and the finished blocks of a text that grows. Blocks. */
const known = new LRUCache<string, string>({ max: 1000 })

/**
 * The one way that text of a model, of GitHub or of a repository becomes HTML. Written
 * HTML stays text, links leave in a new tab and tell nobody where they come from, nothing
 * is loaded. Block by block, so that what is on the screen of a growing text stays.
 */
export function renderMarkdown(text: string): readonly string[] {
  const environment = {}
  return blocks(markdown.parse(text, environment)).map(block =>
    clean(markdown.renderer.render(block, markdown.options, environment)),
  )
}

function blocks(tokens: readonly Token[]): Token[][] {
  const found: Token[][] = []
  let depth = 0
  for (const token of tokens) {
    if (depth === 0 && token.nesting >= 0)
      found.push([])
    found.at(-1)?.push(token)
    depth += token.nesting
  }
  return found
}

function clean(html: string): string {
  const before = known.get(html)
  if (before !== undefined)
    return before
  const holder = inertDocument.createElement('div')
  holder.innerHTML = html
  DOMPurify.sanitize(holder)
  for (const link of holder.querySelectorAll('a')) {
    // A relative address would lead into this app, where the text has no business.
    if (!ADDRESS.test(link.getAttribute('href') ?? ''))
      link.removeAttribute('href')
    link.setAttribute('target', '_blank')
    link.setAttribute('rel', 'noopener noreferrer nofollow')
  }
  known.set(html, holder.innerHTML)
  return holder.innerHTML
}

function codeBlock(code: string, language: string): string {
  const { escapeHtml } = markdown.utils
  return (
    `<div class="code"><div class="code-head"><span>${escapeHtml(language || 'text')}</span><button type="button" class="code-copy">Copy</button></div>`
    + `<pre tabindex="0"><code>${escapeHtml(code)}</code></pre></div>`
  )
}
