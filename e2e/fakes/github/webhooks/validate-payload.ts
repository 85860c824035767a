import type { ValidateFunction } from 'ajv'
import type { Payload } from './payloads.ts'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as z from 'zod'
import { createCompiler } from '../json-schema.ts'

/** Validates a payload against GitHub's own description of its webhooks. Returns the problems, one sentence each. */
export type ValidatePayload = (payload: Payload) => string[]

let loaded: ValidatePayload | undefined

/** Reads the description once; its validators are compiled at first use. */
export function loadWebhookSchemas(): ValidatePayload {
  loaded ??= readDescription()
  return loaded
}

const byName = z.record(z.string(), z.unknown())
const webhook = z.object({ post: z.object({ requestBody: z.object({ content: z.object({ 'application/json': z.object({ schema: z.unknown() }) }) }) }) })
const description = z.object({ webhooks: byName, components: z.object({ schemas: byName }) })

function readDescription(): ValidatePayload {
  const file = fileURLToPath(new URL('generated/api.github.com.json', import.meta.resolve('@octokit/openapi-webhooks/package.json')))
  const { webhooks, components } = description.parse(JSON.parse(readFileSync(file, 'utf8')))
  const compile = createCompiler(components.schemas, { coerce: false })
  const compiled = new Map<string, ValidateFunction>()

  return ({ event, action, body }) => {
    const name = [event, ...action === null ? [] : [action]].join('-').replaceAll('_', '-')
    const described = webhook.safeParse(webhooks[name])
    if (!described.success)
      return [`${name}: GitHub has no such webhook`]
    const validate = compiled.get(name) ?? compile(described.data.post.requestBody.content['application/json'].schema)
    compiled.set(name, validate)
    return validate(body) ? [] : (validate.errors ?? []).map(error => `webhook ${name}${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`)
  }
}
