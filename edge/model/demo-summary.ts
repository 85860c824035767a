import type { Json } from '#shared/model/json.ts'
import type { ModelMessage } from './model.ts'

/** Enough to see that there is a summary and where it came from. */
const MAX_LINES = 12
const MAX_LINE_LENGTH = 160

/** What the demo keeps of a record: its first lines as they are, and that nobody read them. */
export function demoSummary(messages: readonly ModelMessage[]): Json {
  const text = messages.flatMap(({ content }) => content.map(block => block.kind === 'text' ? block.text : '')).join('\n')
  const lines = text.split('\n')
    .map(line => line.replace(/^- /, '').trim())
    .filter(line => line !== '' && !/^[[<]|^(?:Messages|Write|These|Facts|Decided|Promised|Still open)\b/.test(line))
  return {
    decided: [],
    promised: [],
    open: [],
    facts: lines.slice(0, MAX_LINES).map(line => line.slice(0, MAX_LINE_LENGTH)),
  }
}
