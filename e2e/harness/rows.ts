import type { Message } from '#shared/model/message.ts'
import type { Task } from '#shared/model/task.ts'
import type { Device } from './device.ts'
import { message, MESSAGE_PREFIX } from '#shared/model/message.ts'
import { task, TASK_PREFIX } from '#shared/model/task.ts'
import { pullPatch, SCHEMA_VERSION } from '#shared/protocol/replicache.ts'

export interface Rows { messages: Message[], tasks: Task[] }

/** Pulls the rows from the edge as a new device would. */
export async function readRows({ page, edge }: Device): Promise<Rows> {
  const response = await page.request.post(`${edge}/api/pull`, {
    headers: { origin: edge },
    data: { pullVersion: 1, schemaVersion: SCHEMA_VERSION, profileID: 'e2e', clientGroupID: 'e2e-reader', cookie: null },
  })
  const { patch } = pullPatch.parse(await response.json())
  const put = patch.flatMap(operation => operation.op === 'put' ? [operation] : [])
  return {
    messages: put.filter(({ key }) => key.startsWith(MESSAGE_PREFIX)).map(({ value }) => message.parse(value)),
    tasks: put.filter(({ key }) => key.startsWith(TASK_PREFIX)).map(({ value }) => task.parse(value)),
  }
}
