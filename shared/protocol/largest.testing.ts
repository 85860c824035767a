import type * as z from 'zod'

/** JSON escapes this character with six, which is the most there is. */
const WORST = '\u0001'

/**
 * The largest value of a schema, by the length of its JSON. Throws for a string or list without a limit: a test that
 * calls this shows that everything has one.
 */
export function largest(schema: z.core.JSONSchema.BaseSchema, path = '$'): unknown {
  if (schema.const !== undefined)
    return schema.const
  if (schema.enum)
    return longest(schema.enum)
  const options = schema.anyOf ?? schema.oneOf
  if (options)
    return longest(options.map((option, n) => largest(option as z.core.JSONSchema.BaseSchema, `${path}|${n}`)))
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([key, value]) =>
        [key, largest(value as z.core.JSONSchema.BaseSchema, `${path}.${key}`)]))
    case 'array':
      return Array.from({ length: limit(schema.maxItems, path) }, () => largest(schema.items as z.core.JSONSchema.BaseSchema, `${path}[]`))
    case 'string':
      return schema.pattern ? longestMatch(schema.pattern, path) : WORST.repeat(limit(schema.maxLength, path))
    case 'number':
      return 1_234_567.123_456_789
    case 'integer':
      return Number.MAX_SAFE_INTEGER
    case 'boolean':
      return false
    case 'null':
      return null
    default:
      throw new Error(`${path} has the unknown type ${schema.type}`)
  }
}

function limit(max: number | undefined, path: string): number {
  if (max === undefined)
    throw new Error(`${path} has no limit`)
  return max
}

/** A pattern allows nothing that JSON escapes; the limit of its repetitions is the limit of the text. */
function longestMatch(pattern: string, path: string): string {
  if (/[*+](?!\?:)|,\}/.test(pattern.replace(/\\./g, '')))
    throw new Error(`${path} repeats without a limit: ${pattern}`)
  return 'a'.repeat(300)
}

function longest(values: readonly unknown[]): unknown {
  return values.reduce((most, value) => JSON.stringify(value).length > JSON.stringify(most).length ? value : most)
}
