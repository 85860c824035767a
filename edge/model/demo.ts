import type { Json } from '#shared/model/json.ts'
import type { Model, ModelBlock, ModelMessage } from './model.ts'
import { demoReply } from './demo-reply.ts'
import { NO_USAGE } from './model.ts'

/** Implements the port without a model or an account, for trying mainloop. Its replies say that it is not Claude. */
export function createDemoModel({ sleep }: { sleep: () => Promise<unknown> }): Model {
  return async function* (request, signal) {
    const [tool] = request.tools
    if (request.useTools === 'always' && tool) {
      const call = { kind: 'tool-call' as const, id: 'demo', name: tool.name, input: demoSummary(request.messages) }
      yield { kind: 'end', stop: 'tools', content: [call], usage: NO_USAGE }
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
    const content: ModelBlock[] = [{ kind: 'text', text }]
    if (call && request.useTools !== 'never') {
      content.push({ kind: 'tool-call', id: `demo_${request.messages.length}`, ...call })
      yield { kind: 'end', stop: 'tools', content, usage: NO_USAGE }
    }
    else {
      yield { kind: 'end', stop: 'done', content, usage: NO_USAGE }
    }
  }
}

/** Enough to see that there is a summary and where it came from. */
const MAX_LINES = 12
const MAX_LINE_LENGTH = 160

/** The demo's summary of a record: its first lines, unchanged. */
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
