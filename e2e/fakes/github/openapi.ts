import type { ValidateFunction } from 'ajv'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as z from 'zod'
import { must } from '#shared/lib/must.ts'
import { createCompiler } from './json-schema.ts'

export type Method = 'get' | 'post' | 'patch' | 'put' | 'delete'

/** Validates requests and responses against one operation of GitHub's OpenAPI description. Both return the problems, one sentence each. */
export interface Operation {
  request: (request: { params: Record<string, string>, query: Record<string, string>, body: unknown }) => string[]
  response: (response: { status: number, body?: unknown }) => string[]
}

type OpenApi = (method: Method, path: string) => Operation

let loaded: OpenApi | undefined

/** Reads GitHub's description once; each operation's validators are compiled at first use. */
export function loadOpenApi(): OpenApi {
  loaded ??= readDescription()
  return loaded
}

function readDescription(): OpenApi {
  const { paths, components } = description.parse(JSON.parse(readFileSync(descriptionFile(), 'utf8')))
  const compile = createCompiler(components.schemas, { coerce: false })
  // Path and query are text, so numbers and booleans must be coerced from it.
  const compileText = createCompiler(components.schemas, { coerce: true })

  function describe(method: string, path: string): Operation {
    const { parameters, requestBody, responses } = operationObject.parse(must(paths[path]?.[method], `${method} ${path} in GitHub's description`))
    const known = parameters.map(one => parameterObject.parse(resolveReference(one, components.parameters)))
    const compileParameters = (location: 'path' | 'query') => compileText({
      type: 'object',
      properties: Object.fromEntries(known.filter(one => one.in === location).map(one => [one.name, one.schema])),
      required: known.filter(one => one.in === location && one.required).map(one => one.name),
    })
    const params = compileParameters('path')
    const query = compileParameters('query')
    const body = requestBody ? compile(requestBody.content['application/json']?.schema) : null
    const responseOf = memoize((status: number) => {
      const described = responses[String(status)]
      const content = described === undefined ? undefined : responseObject.parse(resolveReference(described, components.responses)).content
      const schema = content?.['application/json']?.schema ?? errorSchema(status)
      return { known: described !== undefined || schema !== undefined, validate: schema === undefined ? null : compile(schema) }
    })

    return {
      request: request => [
        ...problems('path', params, { ...request.params }),
        ...problems('query', query, { ...request.query }),
        ...(request.body === undefined && !requestBody?.required ? [] : bodyProblems('body', body, request.body)),
      ],
      response: ({ status, body }) => {
        const { known, validate } = responseOf(status)
        return known ? bodyProblems(`response ${status}`, validate, body) : [`response ${status}: not described`]
      },
    }
  }

  const operations = memoize((key: string) => describe(...splitKey(key)))
  return (method, path) => operations(`${method} ${path}`)
}

// Named as in the OpenAPI Specification; each has only the fields that are used here.
const referenceObject = z.object({ $ref: z.string() })
const content = z.record(z.string(), z.object({ schema: z.unknown() }))
const parameterObject = z.object({ name: z.string(), in: z.string(), required: z.boolean().default(false), schema: z.unknown() })
const responseObject = z.object({ content: content.optional() })
const operationObject = z.object({
  parameters: z.array(z.unknown()).default([]),
  requestBody: z.object({ content, required: z.boolean().default(false) }).optional(),
  responses: z.record(z.string(), z.unknown()),
})
const byName = z.record(z.string(), z.unknown())
const description = z.object({ paths: z.record(z.string(), byName), components: z.object({ schemas: byName, parameters: byName, responses: byName }) })

function resolveReference(value: unknown, components: Readonly<Record<string, unknown>>): unknown {
  const reference = referenceObject.safeParse(value)
  return reference.success ? components[reference.data.$ref.replace(/^.*\//, '')] : value
}

function descriptionFile(): string {
  return fileURLToPath(new URL('generated/api.github.com.json', import.meta.resolve('@octokit/openapi/package.json')))
}

/** Any operation may respond with these errors, but the description omits most of them. */
function errorSchema(status: number): unknown {
  return [401, 403, 404, 409, 410, 422].includes(status) ? { $ref: '#/components/schemas/basic-error' } : undefined
}

function bodyProblems(where: string, validate: ValidateFunction | null, body: unknown): string[] {
  if (validate)
    return problems(where, validate, body)
  return body === undefined ? [] : [`${where}: has a body, none is described`]
}

function problems(where: string, validate: ValidateFunction, value: unknown): string[] {
  return validate(value) ? [] : (validate.errors ?? []).map(error => `${where}${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`)
}

function splitKey(key: string): [string, string] {
  const space = key.indexOf(' ')
  return [key.slice(0, space), key.slice(space + 1)]
}

function memoize<K, V>(make: (key: K) => V): (key: K) => V {
  const values = new Map<K, V>()
  return (key) => {
    const value = values.get(key) ?? make(key)
    values.set(key, value)
    return value
  }
}
