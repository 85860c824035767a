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
  /** Characters a second; null answers at once. Natural reading speed is about 240. */
  charactersPerSecond: number | null
  /** Where it is reached. */
  host?: string
}

export interface FakeModel {
  url: string
  /** What was asked and answered so far, oldest first. */
  requests: () => readonly ModelRequest[]
  /** The pictures and documents that the newest request of the conversation showed. */
  files: () => readonly RequestFile[]
  /** Lets the next request of this caller go wrong, or the one after so many that go well. Others are served as usual. */
  fail: (caller: Caller, fault: Fault, after?: number) => void
  /** Drops every connection, and with it what is just being said, as a server that is restarted does. */
  drop: () => void
  close: () => Promise<void>
}

/** Small enough to look like tokens. Characters. */
const CHUNK_LENGTH = 6

/** Enough for the longest spec; a demo that runs for hours forgets the oldest. */
const MAX_REMEMBERED = 500

/** The Messages API, scripted: the same headers and streams as the real one, and an error for what nobody scripted. */
export async function startFakeModel({ replies, charactersPerSecond, host = '127.0.0.1' }: ModelOptions): Promise<FakeModel> {
  const requests: ModelRequest[] = []
  const faults: { caller: Caller, fault: Fault, after: number }[] = []
  const mock = new LLMock({ port: 0, host: '127.0.0.1', strict: true, logLevel: 'warn', journalMaxEntries: 1 })
  const profile = charactersPerSecond === null ? {} : { streamingProfile: { ttft: 400, tps: charactersPerSecond / CHUNK_LENGTH, jitter: 0.4 } }
  for (const reply of replies) {
    mock.on({ predicate: request => reply.when(readRequest(request)) }, (request) => {
      const read = readRequest(request)
      requests.push(read)
      requests.splice(0, requests.length - MAX_REMEMBERED)
      return answer(reply.respond(read))
    }, { chunkSize: CHUNK_LENGTH, ...profile })
  }
  await mock.start()

  let files: RequestFile[] = []
  const front = createFaultProxy(mock.url, {
    shown: shown => void (files = shown),
    nextFault(caller) {
      const due = faults.find(fault => fault.caller === caller)
      if (!due || due.after-- > 0)
        return null
      faults.splice(faults.indexOf(due), 1)
      return due.fault
    },
  })
  front.listen(0, host)
  await once(front, 'listening')
  const { port } = front.address() as AddressInfo

  return {
    url: `http://${host}:${port}`,
    requests: () => requests,
    files: () => files,
    fail: (caller, fault, after = 0) => void faults.push({ caller, fault, after }),
    drop: () => front.closeAllConnections(),
    async close() {
      front.closeAllConnections()
      front.close()
      await mock.stop()
    },
  }
}

function answer({ say, use = [] }: Reply) {
  const toolCalls = use.map(({ tool, input }) => ({ name: tool, arguments: JSON.stringify(input) }))
  return toolCalls.length === 0 ? { content: say } : { content: say, toolCalls }
}
