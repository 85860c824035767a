/** Headers for every page whose path matches. `pattern` is the source of a regular expression. */
export interface HeaderRule {
  pattern: string
  headers: [name: string, value: string][]
}

/**
 * Parses Cloudflare's `_headers` file (https://developers.cloudflare.com/workers/static-assets/headers). Throws for a
 * line that it does not understand: a security header that is left out silently would be found by nobody.
 */
export function parseHeadersFile(text: string): HeaderRule[] {
  const rules: HeaderRule[] = []
  for (const [at, line] of text.split('\n').entries()) {
    const content = line.trim()
    if (content === '' || content.startsWith('#'))
      continue
    if (content.startsWith('/')) {
      rules.push({ pattern: pathPattern(content), headers: [] })
      continue
    }
    // Not `https://…`: rules for other hosts are not supported.
    const header = /^([\w-]+):(?!\/\/)\s*(\S.*)$/.exec(content)
    const rule = rules.at(-1)
    if (header === null || rule === undefined)
      throw new Error(`Line ${at + 1} of _headers is not understood: ${content}`)
    const [, name = '', value = ''] = header
    rule.headers.push([name, value])
  }
  return rules
}

/** A path in which `*` stands for any characters, as the source of a regular expression. */
export function pathPattern(path: string): string {
  if (/\/:/.test(path))
    throw new Error(`Placeholders in paths are not supported: ${path}`)
  return `^${path.split('*').map(part => escapePattern(part)).join('.*')}$`
}

function escapePattern(text: string): string {
  return text.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')
}
