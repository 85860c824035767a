import type { ToolCall } from '../model/model.ts'
import type { EdgeTx } from '../store/store.ts'
import type { ToolDeps } from './tools.ts'
import * as z from 'zod'
import { Refused } from '#shared/model/refusal.ts'
import { logFailure } from '../http/log-failure.ts'
import { tools } from './tools.ts'

export interface ToolResult { text: string, isError: boolean }

/**
 * Runs one call in `tx`. An error becomes a result that tells the model what to do, and the
 * call's writes are discarded from `tx`: a call must not be able to stop the turn.
 */
export async function runTool(
  tx: EdgeTx,
  { name, input }: Pick<ToolCall, 'name' | 'input'>,
  deps: ToolDeps,
): Promise<ToolResult> {
  const tool = tools.get(name)
  if (!tool)
    return { text: `There is no tool "${name}". There are: ${[...tools.keys()].join(', ')}.`, isError: true }
  try {
    return { text: await tool.run(tx, input, deps), isError: false }
  }
  catch (error) {
    tx.discard()
    return { text: explain(name, error), isError: true }
  }
}

const NOTHING_DONE = 'Nothing was done. Correct them and call it again.'

function explain(name: string, error: unknown): string {
  if (error instanceof Refused)
    return error.message
  if (error instanceof z.ZodError)
    return `The arguments of ${name} are wrong. ${NOTHING_DONE}\n${z.prettifyError(error)}`
  logFailure(`the tool ${name}`, error)
  return `${name} failed because of a mistake in it. Nothing was done. Tell the person.`
}
