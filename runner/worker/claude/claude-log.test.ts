import { expect, test } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { logClaudeEvent } from './claude-log.ts'
import { parseClaudeLine } from './claude-stream.ts'

function logOf(event: unknown): string[] {
  const lines: string[] = []
  logClaudeEvent(must(parseClaudeLine(JSON.stringify(event)), 'an event'), '/job/workspace', (kind, text) => lines.push(`${kind} ${text}`))
  return lines
}

const tool = (name: string, input: object) => ({ type: 'assistant', message: { content: [{ type: 'tool_use', name, input }] } })

test.each([
  ['the start is an info', { type: 'system', subtype: 'init', model: 'm', claude_code_version: '2' }, ['info Claude Code 2 with m']],
  [
    'text is trimmed',
    {
      type: 'assistant',
      message: {
        content: [
          { type: 'thinking', thinking: '' },
          { type: 'text', text: ' I look. ' },
        ],
      },
    },
    ['say I look.'],
  ],
  ['an edit has its path in the repository', tool('Edit', { file_path: '/job/workspace/src/a.ts', old_string: 'x' }), ['tool Edit src/a.ts']],
  ['a file outside has its full path', tool('Read', { file_path: '/etc/hosts' }), ['tool Read /etc/hosts']],
  ['a command is shown', tool('Bash', { command: 'npm test', description: 'Runs' }), ['tool Bash npm test']],
  ['a command of several lines is cut', tool('Bash', { command: 'a\nb' }), ['tool Bash a …']],
  ['a tool without a known argument has its name', tool('Think', { deep: true }), ['tool Think']],
  [
    'a failed tool is an error',
    { type: 'user', message: { content: [{ type: 'tool_result', is_error: true, content: [{ type: 'text', text: 'No such file\nstack' }] }] } },
    ['error No such file …'],
  ],
  ['a successful tool is no line', { type: 'user', message: { content: [{ type: 'tool_result', content: 'x' }] } }, []],
  ['a retry is an info', { type: 'system', subtype: 'api_retry', error_status: 529 }, ['info The model did not answer (529); trying again']],
  ['a usage limit is an error', { type: 'rate_limit_event', rate_limit_info: { status: 'rejected' } }, ['error The usage limit is reached']],
  [
    'the end has turns and cost',
    { type: 'result', subtype: 'success', is_error: false, num_turns: 2, total_cost_usd: 0.126 },
    ['info Finished after 2 turns, $0.13'],
  ],
])('%s', (_, event, lines) => {
  expect(logOf(event)).toEqual(lines)
})

test.each(['not JSON', '{"type":"new_in_a_later_version"}', '[]', ''])('the line "%s" is ignored', (line) => {
  expect(parseClaudeLine(line)).toBeNull()
})
