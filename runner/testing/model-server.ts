import type { IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import * as z from 'zod'

export type Block = { type: 'text', text: string } | { type: 'tool_use', name: string, input: unknown }
/** A reply of the model: its content, an error, or an open connection without content. */
export type Reply = Block[] | { status: number, error: string, headers?: Record<string, string> } | 'hang'

const requestBody = z.object({ messages: z.array(z.object({ role: z.string(), content: z.unknown() })), system: z.unknown() })
export interface ModelRequest { body: z.infer<typeof requestBody>, text: string, headers: IncomingHttpHeaders }

export interface ModelServer {
  url: string
  requests: ModelRequest[]
  /** Makes the reply. `step` is the number of assistant messages in the request. */
  script: (request: ModelRequest, step: number) => Reply
  close: () => Promise<void>
}

/** Serves the Messages API as Claude Code uses it, with replies from a script. */
export async function startModelServer(host = '127.0.0.1'): Promise<ModelServer> {
  const server = createServer((request, response) => {
    const chunks: Uint8Array[] = []
    request.on('data', chunk => chunks.push(chunk)).on('end', () => {
      const text = new TextDecoder().decode(Uint8Array.from(chunks.flatMap(chunk => [...chunk])))
      const seen: ModelRequest = { body: requestBody.parse(JSON.parse(text)), text, headers: request.headers }
      model.requests.push(seen)
      const step = seen.body.messages.filter(({ role }) => role === 'assistant').length
      const reply = model.script(seen, step)
      if (reply === 'hang') {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
      }
      else if (Array.isArray(reply)) {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.end(events(reply).map(event => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''))
      }
      else {
        response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers })
        response.end(JSON.stringify({ type: 'error', error: { type: reply.error, message: reply.error } }))
      }
    })
  })
  await new Promise<void>(resolve => server.listen(0, host, resolve))
  const model: ModelServer = {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    requests: [],
    script: () => [{ type: 'text', text: 'Nothing to do.' }],
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
  return model
}

/** Claude Code merges messages with the same id into one. */
function newId(kind: string): string {
  return `${kind}_${randomUUID()}`
}

function events(blocks: Block[]) {
  const stop = blocks.some(({ type }) => type === 'tool_use') ? 'tool_use' : 'end_turn'
  const usage = { input_tokens: 10, output_tokens: 1 }
  return [
    {
      type: 'message_start',
      message: { id: newId('msg'), type: 'message', role: 'assistant', model: 'claude-sonnet-5-5', content: [], stop_reason: null, stop_sequence: null, usage },
    },
    ...blocks.flatMap((block, index) => [
      { type: 'content_block_start', index, content_block: block.type === 'text' ? { type: 'text', text: '' } : { ...block, id: newId('toolu'), input: {} } },
      {
        type: 'content_block_delta',
        index,
        delta: block.type === 'text' ? { type: 'text_delta', text: block.text } : { type: 'input_json_delta', partial_json: JSON.stringify(block.input) },
      },
      { type: 'content_block_stop', index },
    ]),
    { type: 'message_delta', delta: { stop_reason: stop, stop_sequence: null }, usage: { output_tokens: 20 } },
    { type: 'message_stop' },
  ]
}
