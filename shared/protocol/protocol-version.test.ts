import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { approval } from '../model/approval.ts'
import { conversation } from '../model/conversation.ts'
import { dayUsage } from '../model/day-usage.ts'
import { message } from '../model/message.ts'
import { note } from '../model/note.ts'
import { refusal } from '../model/refusal.ts'
import { modelStatus, runnerStatus } from '../model/status.ts'
import { task } from '../model/task.ts'
import { turn } from '../model/turn.ts'
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
  expect([RUNNER_PROTOCOL_VERSION, fingerprint(runnerUp, runnerDown)]).toEqual([3, 'b23653404009'])
})

test('a change of the rows needs a new schema version', () => {
  expect([SCHEMA_VERSION, fingerprint(message, task, turn, refusal, modelStatus, runnerStatus, note, conversation, dayUsage, approval)]).toEqual([
    '1',
    'fe4bcac2b433',
  ])
})
