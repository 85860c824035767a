import type { Model, ModelBlock, ModelEnd } from './model.ts'
import { demoReply } from './demo-reply.ts'
import { demoSummary } from './demo-summary.ts'
import { NO_USAGE } from './model.ts'

/** Answers without a model and without an account, through the same port: for looking around, and never to be taken for Claude. */
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
    const end: ModelEnd = call && request.useTools !== 'never'
      ? { kind: 'end', stop: 'tools', content: [...said, { kind: 'tool-call', id: `demo_${request.messages.length}`, ...call }], usage: NO_USAGE }
      : { kind: 'end', stop: 'done', content: said, usage: NO_USAGE }
    yield end
  }
}
