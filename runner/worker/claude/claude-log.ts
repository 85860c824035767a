import type { Log } from '../../job/stage-protocol.ts'
import type { ClaudeEvent } from './claude-stream.ts'
import { relative } from 'node:path'
import { unreachable } from '#shared/lib/unreachable.ts'

/** One glance; the rest of a command or an error stands in the pull request or does not matter. Characters. */
const MAX_DETAIL = 300

/** Which of a tool's arguments says what it does. */
const TELLING = ['file_path', 'notebook_path', 'command', 'pattern', 'url', 'query', 'description', 'path'] as const

/** The event as lines a person can follow; most events are none. */
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
      log(
        'info',
        `Finished after ${event.num_turns} ${event.num_turns === 1 ? 'turn' : 'turns'}, $${event.total_cost_usd.toFixed(2)}`,
      )
      return
    default:
      unreachable(event)
  }
}

/** `Edit src/a.ts`, `Bash npm test`. */
export function describeTool(
  { name, input }: { name: string, input: Record<string, unknown> },
  workspace: string,
): string {
  const told = TELLING.map(key => input[key]).find(value => typeof value === 'string')
  if (told === undefined)
    return name
  const inside = told.startsWith(`${workspace}/`) ? relative(workspace, told) : told
  return `${name} ${oneLine(inside)}`
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
