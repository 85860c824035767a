import type { ModelRequest } from './read-request.ts'

export interface ToolUse { tool: string, input: Record<string, unknown> }

/** What the model says, and the tools it uses; it ends its turn when it uses none. */
export interface Reply { say: string, use?: ToolUse[] }

/** One scripted answer. The first whose `when` is true is used; a request that fits none is refused. */
export interface ScriptedReply {
  name: string
  when: (request: ModelRequest) => boolean
  respond: (request: ModelRequest) => Reply
}

/** Answers to one prompt that take several steps: step n is used when n tool results have come back. */
export function scriptedSteps(name: string, when: (request: ModelRequest) => boolean, responses: readonly ScriptedReply['respond'][]): ScriptedReply[] {
  return responses.map((respond, step) => ({ name: `${name}, step ${step + 1}`, when: request => request.results.length === step && when(request), respond }))
}
