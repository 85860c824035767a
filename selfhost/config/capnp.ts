/** A value of Cap'n Proto's text format, in which workerd reads its configuration. */
export type CapnpValue
  = | string
    | boolean
    | CapnpEmbed
    | readonly CapnpValue[]
    | { readonly [field: string]: CapnpValue }

/** The contents of a file, by its path from the configuration. */
export class CapnpEmbed {
  readonly path: string

  constructor(path: string) {
    this.path = path
  }
}

/** Prints a value as text that Cap'n Proto reads back as the same value. */
export function printCapnp(value: CapnpValue, indent = ''): string {
  if (typeof value === 'string')
    return quote(value)
  if (typeof value === 'boolean')
    return String(value)
  if (value instanceof CapnpEmbed)
    return `embed ${quote(value.path)}`
  const inner = `${indent}  `
  const lines = isList(value)
    ? value.map(item => inner + printCapnp(item, inner))
    : Object.entries(value).map(([field, item]) => `${inner}${field} = ${printCapnp(item, inner)}`)
  const [open, close] = isList(value) ? ['[', ']'] : ['(', ')']
  return lines.length === 0 ? open + close : `${open}\n${lines.join(',\n')}\n${indent}${close}`
}

function isList(value: CapnpValue): value is readonly CapnpValue[] {
  return Array.isArray(value)
}

/** The escapes of JSON are not all known to Cap'n Proto, so what is not printable ASCII is written as bytes. */
function quote(text: string): string {
  const bytes = [...new TextEncoder().encode(text)].map((byte) => {
    const character = String.fromCharCode(byte)
    if (character === '"' || character === '\\')
      return `\\${character}`
    return byte >= 0x20 && byte < 0x7F ? character : `\\x${byte.toString(16).padStart(2, '0')}`
  })
  return `"${bytes.join('')}"`
}
