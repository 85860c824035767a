import type { ValidateFunction } from 'ajv'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as z from 'zod'
import { must } from '#shared/lib/must.ts'
import { createCompiler } from './json-schema.ts'

export type Method = 'get' | 'post' | 'patch' | 'put' | 'delete'

/** What GitHub's own OpenAPI description says about one operation. Each answer lists what is wrong; empty is right. */
export interface Operation {
  request: (request: { params: Record<string, string>, query: Record<string, string>, body: unknown }) => string[]
  answer: (answer: { status: number, body?: unknown }) => string[]
}

type OpenApi = (method: Method, path: string) => Operation

let opened: OpenApi | undefined

/** GitHub's description, read once; its validators are compiled at first use and kept. */
export function loadOpenApi(): OpenApi {
  opened ??= readDescription()
  return opened
}

function readDescription(): OpenApi {
  const { paths, components } = description.parse(JSON.parse(readFileSync(descriptionFile(), 'utf8')))
  const compile = createCompiler(components.schemas, { coerce: false })
  // Path and query arrive as text: numbers and booleans are read out of it.
  const compileText = createCompiler(components.schemas, { coerce: true })

  function describe(method: string, path: string): Operation {
    const { parameters, requestBody, responses } = operation.parse(must(paths[path]?.[method], `${method} ${path} in GitHub's description`))
    const known = parameters.map(given => parameter.parse(follow(given, components.parameters)))
    const place = (name: string) => compileText({
      type: 'object',
      properties: Object.fromEntries(known.filter(one => one.in === name).map(one => [one.name, one.schema])),
      required: known.filter(one => one.in === name && one.required).map(one => one.name),
    })
    const params = place('path')
    const query = place('query')
    const body = requestBody ? compile(requestBody.content['application/json']?.schema) : null
    const answers = kept((status: number) => {
      const described = responses[String(status)]
      const schema
        = (described === undefined ? undefined : response.parse(follow(described, components.responses)).content?.['application/json']?.schema)
          ?? errorSchema(status)
      return { known: described !== undefined || schema !== undefined, validate: schema === undefined ? null : compile(schema) }
    })

    return {
      request: request => [
        ...problems('path', params, { ...request.params }),
        ...problems('query', query, { ...request.query }),
        ...(request.body === undefined && !requestBody?.required ? [] : bodyProblems('body', body, request.body)),
      ],
      answer: ({ status, body }) => {
        const { known, validate } = answers(status)
        return known ? bodyProblems(`answer ${status}`, validate, body) : [`answer ${status}: not described`]
      },
    }
  }

  const operations = kept((key: string) => describe(...splitKey(key)))
  return (method, path) => operations(`${method} ${path}`)
}

/** The parts of the description that are read here. */
const reference = z.object({ $ref: z.string() })
const content = z.record(z.string(), z.object({ schema: z.unknown() }))
const parameter = z.object({ name: z.string(), in: z.string(), required: z.boolean().default(false), schema: z.unknown() })
const response = z.object({ content: content.optional() })
const operation = z.object({
  parameters: z.array(z.unknown()).default([]),
  requestBody: z.object({ content, required: z.boolean().default(false) }).optional(),
  responses: z.record(z.string(), z.unknown()),
})
const named = z.record(z.string(), z.unknown())
const description = z.object({ paths: z.record(z.string(), named), components: z.object({ schemas: named, parameters: named, responses: named }) })

/** What a value says, or what it refers to among the components. */
function follow(value: unknown, components: Readonly<Record<string, unknown>>): unknown {
  const referring = reference.safeParse(value)
  return referring.success ? components[referring.data.$ref.replace(/^.*\//, '')] : value
}

function descriptionFile(): string {
  return fileURLToPath(new URL('generated/api.github.com.json', import.meta.resolve('@octokit/openapi/package.json')))
}

/** Any operation may refuse, always with words; the description leaves most of that out. */
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

function kept<K, V>(make: (key: K) => V): (key: K) => V {
  const values = new Map<K, V>()
  return (key) => {
    const value = values.get(key) ?? make(key)
    values.set(key, value)
    return value
  }
}
