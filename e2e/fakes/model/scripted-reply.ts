import type { ModelRequest } from './read-request.ts'

export interface ToolUse { tool: string, input: Record<string, unknown> }

/** A reply without tool uses ends the turn. */
export interface Reply { text: string, toolUses?: ToolUse[] }

/** The first scripted reply whose `when` is true is used; a request that matches none is refused. */
export interface ScriptedReply {
  name: string
  when: (request: ModelRequest) => boolean
  respond: (request: ModelRequest) => Reply
}

/** Makes replies to one prompt for several rounds: the nth is used for a request with n tool results. */
export function scriptedSteps(name: string, when: (request: ModelRequest) => boolean, responses: readonly ScriptedReply['respond'][]): ScriptedReply[] {
  return responses.map((respond, step) => ({
    name: `${name}, step ${step + 1}`,
    when: request => request.results.length === step && when(request),
    respond,
  }))
}
