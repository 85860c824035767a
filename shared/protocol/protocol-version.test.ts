import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { rows } from '../model/rows.ts'
import { LIVE_PROTOCOL_VERSION, liveDown, liveUp } from './live.ts'
import { pullBody, pullResponse, pushBody, pushResponse, SCHEMA_VERSION } from './replicache.ts'
import { RUNNER_PROTOCOL_VERSION, runnerDown, runnerUp } from './runner.ts'

/** Changes with every change of the schemas. `unrepresentable: any` covers JSON values, which their owners check. */
function fingerprint(...schemas: z.ZodType[]): string {
  const text = JSON.stringify(schemas.map(schema => z.toJSONSchema(schema, { unrepresentable: 'any' })))
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}

test('a change of the live protocol needs a new version', () => {
  expect([LIVE_PROTOCOL_VERSION, fingerprint(liveUp, liveDown, pushBody, pullBody, pushResponse, pullResponse)]).toEqual([3, '12e499f74c6f'])
})

test('a change of the runner protocol needs a new version', () => {
  expect([RUNNER_PROTOCOL_VERSION, fingerprint(runnerUp, runnerDown)]).toEqual([5, 'c723ec6190be'])
})

test('a change of the rows needs a new schema version', () => {
  const schemas = Object.values(rows).map(({ schema }) => schema)
  expect([SCHEMA_VERSION, fingerprint(...schemas)]).toEqual(['2', '528adc282188'])
})
