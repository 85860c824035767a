import type { AddressInfo } from 'node:net'
import type { Fault } from './fault.ts'
import type { Caller, ModelRequest } from './read-request.ts'
import type { RequestFile } from './request-files.ts'
import type { Reply, ScriptedReply } from './scripted-reply.ts'
import { once } from 'node:events'
import { LLMock } from '@copilotkit/aimock'
import { createFaultProxy } from './fault-proxy.ts'
import { readRequest } from './read-request.ts'

export interface ModelOptions {
  replies: readonly ScriptedReply[]
  /** The speed of streams; null sends them at once. People read about 240 characters a second. */
  charactersPerSecond: number | null
  /** The address that it listens on; by default loopback. */
  host?: string
}

export interface FakeModel {
  url: string
  /** The newest requests that had a scripted reply, oldest first. */
  requests: () => readonly ModelRequest[]
  /** The pictures and documents in the newest request of the conversation. */
  files: () => readonly RequestFile[]
  /** Lets the caller's next request fail, or the one after `after` more. All others succeed. */
  fail: (caller: Caller, fault: Fault, after?: number) => void
  /** Closes every connection in the middle of its stream, like a server that restarts. */
  dropConnections: () => void
  close: () => Promise<void>
}

/** Characters of one stream event: about the length of a token. */
const CHUNK_LENGTH = 6

/** Requests kept: enough for the longest spec, few enough for a demo that runs for hours. */
const MAX_REQUESTS = 500

/** A scripted Messages API with the real one's headers and streams. A request without a scripted reply gets an error. */
export async function startFakeModel({ replies, charactersPerSecond, host = '127.0.0.1' }: ModelOptions): Promise<FakeModel> {
  const requests: ModelRequest[] = []
  const faults: { caller: Caller, fault: Fault, after: number }[] = []
  const mock = new LLMock({ port: 0, host: '127.0.0.1', strict: true, logLevel: 'warn', journalMaxEntries: 1 })
  const profile = charactersPerSecond === null ? {} : { streamingProfile: { ttft: 400, tps: charactersPerSecond / CHUNK_LENGTH, jitter: 0.4 } }
  for (const reply of replies) {
    mock.on({ predicate: request => reply.when(readRequest(request)) }, (request) => {
      const read = readRequest(request)
      requests.push(read)
      requests.splice(0, requests.length - MAX_REQUESTS)
      return mockResponse(reply.respond(read))
    }, { chunkSize: CHUNK_LENGTH, ...profile })
  }
  await mock.start()

  let files: RequestFile[] = []
  const proxy = createFaultProxy(mock.url, {
    onFiles: newest => void (files = newest),
    nextFault(caller) {
      const due = faults.find(fault => fault.caller === caller)
      if (!due || due.after-- > 0)
        return null
      faults.splice(faults.indexOf(due), 1)
      return due.fault
    },
  })
  proxy.listen(0, host)
  await once(proxy, 'listening')
  const { port } = proxy.address() as AddressInfo

  return {
    url: `http://${host}:${port}`,
    requests: () => requests,
    files: () => files,
    fail: (caller, fault, after = 0) => void faults.push({ caller, fault, after }),
    dropConnections: () => proxy.closeAllConnections(),
    async close() {
      proxy.closeAllConnections()
      proxy.close()
      await mock.stop()
    },
  }
}

function mockResponse({ text, toolUses = [] }: Reply) {
  const toolCalls = toolUses.map(({ tool, input }) => ({ name: tool, arguments: JSON.stringify(input) }))
  return toolCalls.length === 0 ? { content: text } : { content: text, toolCalls }
}
