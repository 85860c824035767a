import type { Json } from '#shared/model/json.ts'
import type { Model, ModelBlock, ModelEnd, ModelMessage } from './model.ts'
import { demoReply } from './demo-reply.ts'
import { NO_USAGE } from './model.ts'

/**
 * Answers without a model and without an account, through the same
 * port: for looking around, and never to be taken for Claude.
 */
export function createDemoModel({ sleep }: { sleep: () => Promise<unknown> }): Model {
  return async function* (request, signal) {
    const [tool] = request.tools
    if (request.useTools === 'always' && tool) {
      yield { kind: 'end', stop: 'tools', content: [{ kind: 'tool-call', id: 'demo', name: tool.name, input: demoSummary(request.messages) }], usage: NO_USAGE }
      return
    }
    const { text, call } = demoReply(request.messages)
    for (const word of text.match(/\s*\S+/g) ?? []) {
      await sleep()
      if (signal.aborted) {
        yield { kind: 'end', stop: 'aborted', usage: NO_USAGE }
        return
      }
      yield { kind: 'text', text: word }
    }
    const said: ModelBlock[] = [{ kind: 'text', text }]
    const end: ModelEnd
      = call && request.useTools !== 'never'
        ? {
            kind: 'end',
            stop: 'tools',
            content: [...said, { kind: 'tool-call', id: `demo_${request.messages.length}`, ...call }],
            usage: NO_USAGE,
          }
        : { kind: 'end', stop: 'done', content: said, usage: NO_USAGE }
    yield end
  }
}

/** Enough to see that there is a summary and where it came from. */
const MAX_LINES = 12
const MAX_LINE_LENGTH = 160

/** What the demo keeps of a record: its first lines as they are, and that nobody read them. */
function demoSummary(messages: readonly ModelMessage[]): Json {
  const text = messages
    .flatMap(({ content }) => content.map(block => (block.kind === 'text' ? block.text : '')))
    .join('\n')
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
