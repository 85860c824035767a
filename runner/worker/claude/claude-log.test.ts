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
  ['a start', { type: 'system', subtype: 'init', model: 'm', claude_code_version: '2' }, ['info Claude Code 2 with m']],
  [
    'words',
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
  ['an edit, by its path in the repository', tool('Edit', { file_path: '/job/workspace/src/a.ts', old_string: 'x' }), ['tool Edit src/a.ts']],
  ['a file outside', tool('Read', { file_path: '/etc/hosts' }), ['tool Read /etc/hosts']],
  ['a command', tool('Bash', { command: 'npm test', description: 'Runs' }), ['tool Bash npm test']],
  ['a long command in one line', tool('Bash', { command: 'a\nb' }), ['tool Bash a …']],
  ['a tool without a telling argument', tool('Think', { deep: true }), ['tool Think']],
  [
    'an error of a tool',
    { type: 'user', message: { content: [{ type: 'tool_result', is_error: true, content: [{ type: 'text', text: 'No such file\nstack' }] }] } },
    ['error No such file …'],
  ],
  ['no success of a tool', { type: 'user', message: { content: [{ type: 'tool_result', content: 'x' }] } }, []],
  ['a retry', { type: 'system', subtype: 'api_retry', error_status: 529 }, ['info The model did not answer (529); trying again']],
  ['a limit', { type: 'rate_limit_event', rate_limit_info: { status: 'rejected' } }, ['error The usage limit is reached']],
  ['the end', { type: 'result', subtype: 'success', is_error: false, num_turns: 2, total_cost_usd: 0.126 }, ['info Finished after 2 turns, $0.13']],
])('%s', (_, event, lines) => {
  expect(logOf(event)).toEqual(lines)
})

test.each(['not JSON', '{"type":"new_in_a_later_version"}', '[]', ''])('%s is not for us', (line) => {
  expect(parseClaudeLine(line)).toBeNull()
})
