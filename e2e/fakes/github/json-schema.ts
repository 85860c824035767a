import type { ValidateFunction } from 'ajv'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { must } from '#shared/lib/must.ts'

/** Makes a compiler of OpenAPI 3.0 schemas that refer to `#/components/schemas/…`; it compiles each component once. */
export function createCompiler(components: Readonly<Record<string, unknown>>, options: { coerce: boolean }): (schema: unknown) => ValidateFunction {
  const ajv = addFormats.default(
    new Ajv({ strict: false, allErrors: true, logger: false, validateSchema: false, coerceTypes: options.coerce ? 'array' : false }),
  )
  const known = new Set<string>()

  function translate(schema: unknown): object {
    const translated = toJsonSchema(schema, (name) => {
      if (known.has(name))
        return
      known.add(name)
      ajv.addSchema(translate(must(components[name], `schema ${name}`)), name)
    })
    return typeof translated === 'object' && translated !== null ? translated : {}
  }

  return schema => ajv.compile(translate(schema))
}

/**
 * Translates OpenAPI's dialect into JSON Schema, and forbids additional properties: a property that GitHub does not have is as wrong as a missing
 * one. References become the bare names under which the components are registered.
 */
function toJsonSchema(node: unknown, onReference: (name: string) => void): unknown {
  if (Array.isArray(node))
    return node.map(child => toJsonSchema(child, onReference))
  if (typeof node !== 'object' || node === null)
    return node
  if ('$ref' in node && typeof node.$ref === 'string') {
    const name = node.$ref.replace('#/components/schemas/', '')
    onReference(name)
    return { $ref: name }
  }
  const schema: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(node)) {
    if (key === 'properties')
      schema.properties = Object.fromEntries(Object.entries(value).map(([name, property]) => [name, toJsonSchema(property, onReference)]))
    else if (key === 'allOf' && Array.isArray(value))
      schema.allOf = value.map(part => toJsonSchema(isAddition(part) ? { ...part, additionalProperties: true } : part, onReference))
    else if (!IGNORED.has(key))
      schema[key] = key === 'enum' ? value : toJsonSchema(value, onReference)
  }
  if (schema.properties !== undefined && schema.additionalProperties === undefined)
    schema.additionalProperties = false
  return 'nullable' in node && node.nullable === true ? { anyOf: [{ type: 'null' }, schema] } : schema
}

/** Whether a part of an `allOf` lists properties itself. Such a part stays open, because the component beside it is the closed one. */
function isAddition(part: unknown): part is object {
  return typeof part === 'object' && part !== null && 'properties' in part
}

/** `default` is ignored because a validator must not change the value that it validates. */
const IGNORED = new Set(['description', 'title', 'example', 'examples', 'nullable', 'default', 'externalDocs', 'deprecated'])
