import type { Token } from 'markdown-it'
import DOMPurify from 'dompurify'
import { LRUCache } from 'lru-cache'
import MarkdownIt from 'markdown-it'
import cjkFriendly from 'markdown-it-cjk-friendly'

const markdown = new MarkdownIt({ html: false, linkify: true, breaks: true })
// By CommonMark's rules `**` between a letter and a bracket is no emphasis, but these scripts have no spaces around it.
markdown.use(cjkFriendly)
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false })
// A picture would be a request to a third party of the text's choice.
markdown.disable('image')
markdown.renderer.rules.fence = (tokens, i) =>
  codeBlock(tokens[i]?.content ?? '', tokens[i]?.info.trim().split(/\s+/)[0] ?? '')
markdown.renderer.rules.code_block = (tokens, i) => codeBlock(tokens[i]?.content ?? '', '')
markdown.renderer.rules.table_open = () => '<div class="scroll" tabindex="0" role="region" aria-label="Table"><table>'
markdown.renderer.rules.table_close = () => '</table></div>'

const ADDRESS = /^(?:https?|mailto):/i

DOMPurify.setConfig({
  ALLOWED_TAGS: [
    ...['p', 'br', 'hr', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'li', 'blockquote', 'strong', 'em', 's', 'a'],
    ...['code', 'pre', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'div', 'span', 'button'],
  ],
  ALLOWED_ATTR: ['href', 'title', 'class', 'start', 'type', 'tabindex', 'role', 'aria-label'],
  ALLOWED_URI_REGEXP: ADDRESS,
  // DOMPurify would otherwise require addresses as their values.
  ADD_URI_SAFE_ATTR: ['start', 'type', 'tabindex'],
  ALLOW_DATA_ATTR: false,
  IN_PLACE: true,
})

/** A document without a window: parsing HTML in it loads and runs nothing. */
const inertDocument = document.implementation.createHTMLDocument('')

/** Rendered blocks: recently shown ones, and the finished ones of a growing text. */
const known = new LRUCache<string, string>({ max: 1000 })

/**
 * The only way from text of a model, GitHub or a repository to HTML: one string per
 * block. HTML in the text stays text, links open in a new tab without a referrer,
 * and nothing is loaded. Blocks keep the drawn part of a growing text unchanged.
 */
export function renderMarkdown(text: string): readonly string[] {
  const environment = {}
  return blocks(markdown.parse(text, environment))
    .map(block => clean(markdown.renderer.render(block, markdown.options, environment)))
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
    // A relative address would lead into this app.
    if (!ADDRESS.test(link.getAttribute('href') ?? ''))
      link.removeAttribute('href')
    link.setAttribute('target', '_blank')
    link.setAttribute('rel', 'noopener noreferrer nofollow')
  }
  known.set(html, holder.innerHTML)
  return holder.innerHTML
}

/** The last line break ends the block and is not part of the code, so that a copy does not run in a terminal. */
function codeBlock(code: string, language: string): string {
  const { escapeHtml } = markdown.utils
  const copy = '<button type="button" class="code-copy">Copy</button>'
  const head = `<div class="code-head"><span>${escapeHtml(language || 'text')}</span>${copy}</div>`
  return `<div class="code">${head}<pre tabindex="0"><code>${escapeHtml(code.replace(/\n$/, ''))}</code></pre></div>`
}
