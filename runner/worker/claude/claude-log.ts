import type { Log } from '../../job/stage-protocol.ts'
import type { ClaudeEvent, ClaudeResult } from './claude-stream.ts'
import { relative } from 'node:path'
import { unreachable } from '#shared/lib/unreachable.ts'

/** Characters: the start of a command or an error is enough to follow the agent. */
const MAX_DETAIL = 300

/** The arguments that describe a tool call best, in this order. */
const MAIN_ARGUMENTS = ['file_path', 'notebook_path', 'command', 'pattern', 'url', 'query', 'description', 'path']

/** Logs an event for people to follow. Most events log nothing. */
export function logClaudeEvent(event: ClaudeEvent, workspace: string, log: Log): void {
  switch (event.type) {
    case 'system':
      if (event.subtype === 'init')
        log('info', `Claude Code ${event.claude_code_version ?? ''} with ${event.model ?? 'its default model'}`)
      if (event.subtype === 'api_retry')
        log('info', `The model did not answer (${event.error_status ?? 'no connection'}); trying again`)
      return
    case 'assistant':
      for (const block of event.message.content) {
        if (block.type === 'text' && block.text.trim() !== '')
          log('say', block.text.trim())
        if (block.type === 'tool_use')
          log('tool', describeTool(block, workspace))
      }
      return
    case 'user':
      for (const block of typeof event.message.content === 'string' ? [] : event.message.content) {
        if (block.type === 'tool_result' && block.is_error)
          log('error', oneLine(resultText(block.content)))
      }
      return
    case 'rate_limit_event':
      if (event.rate_limit_info.status === 'rejected')
        log('error', 'The usage limit is reached')
      return
    case 'result':
      log('info', describeResult(event))
      return
    default:
      unreachable(event)
  }
}

function describeResult({ num_turns, total_cost_usd }: ClaudeResult): string {
  return `Finished after ${num_turns} ${num_turns === 1 ? 'turn' : 'turns'}, $${total_cost_usd.toFixed(2)}`
}

/** Describes a tool call in one line, such as `Edit src/a.ts` or `Bash npm test`. */
export function describeTool(
  { name, input }: { name: string, input: Record<string, unknown> },
  workspace: string,
): string {
  const argument = MAIN_ARGUMENTS.map(key => input[key]).find(value => typeof value === 'string')
  if (argument === undefined)
    return name
  return `${name} ${oneLine(argument.startsWith(`${workspace}/`) ? relative(workspace, argument) : argument)}`
}

function resultText(content: unknown): string {
  if (typeof content === 'string')
    return content
  return Array.isArray(content) ? content.map(part => (typeof part?.text === 'string' ? part.text : '')).join(' ') : ''
}

function oneLine(text: string): string {
  const [first = '', ...rest] = text.replace(/<\/?tool_use_error>/g, '').trim().split('\n')
  return first.length > MAX_DETAIL || rest.length > 0 ? `${first.slice(0, MAX_DETAIL)} …` : first
}
