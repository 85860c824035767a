import type { Buffer } from 'node:buffer'
import type { Server, ServerResponse } from 'node:http'
import type { Fault } from './fault.ts'
import type { Caller } from './read-request.ts'
import type { RequestFile } from './request-files.ts'
import { createServer, request as httpRequest } from 'node:http'
import { Transform } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import * as z from 'zod'
import { sendFault } from './fault.ts'
import { callerOf } from './read-request.ts'
import { requestFiles } from './request-files.ts'

const body = z.object({ tools: z.array(z.object({ name: z.string() })).default([]) })

interface FaultProxyDeps {
  nextFault: (caller: Caller) => Fault | null
  /** The pictures and documents of a request of the conversation, which the scripted model does not look at. */
  shown: (files: RequestFile[]) => void
}

/** Stands before the scripted model: lets requests through to `target` unless a fault is due for their caller. */
export function createFaultProxy(target: string, { nextFault, shown }: FaultProxyDeps): Server {
  return createServer(async (request, response) => {
    const sent = await buffer(request).catch(() => null)
    // Whoever asked was gone before all of it was said.
    if (sent === null)
      return
    const json: unknown = request.method === 'POST' ? JSON.parse(sent.toString()) : null
    const caller = json === null ? null : callerOf(body.parse(json).tools.map(({ name }) => name))
    if (caller === 'conversation')
      shown(requestFiles(json))
    const fault = caller === null ? null : nextFault(caller)
    if (fault !== null && fault.kind !== 'cut' && fault.kind !== 'stall')
      return sendFault(fault, request, response)

    const forwarded = httpRequest(new URL(request.url ?? '/', target), { method: request.method ?? 'GET', headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      // Sent at once, so that the first event is not held back with the headers.
      response.flushHeaders()
      ;(fault === null ? answer : answer.pipe(interrupt(fault, response))).pipe(response)
    })
    forwarded.on('error', error => response.destroy(error))
    // A client that gave up ends the scripted answer too.
    response.on('close', () => forwarded.destroy())
    forwarded.end(sent)
  })
}

/** Lets so many events pass and then does what the fault says. */
function interrupt(fault: Extract<Fault, { kind: 'cut' | 'stall' }>, response: ServerResponse): Transform {
  let left = fault.afterEvents
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const events = chunk.toString().split(EVENT_END)
      const passed = events.slice(0, left)
      left -= Math.min(left, events.length - 1)
      if (left > 0)
        return done(null, chunk)

      this.push(passed.join(EVENT_END) + EVENT_END)
      if (fault.kind === 'cut')
        // What was passed still goes out; the end of the answer never does.
        setImmediate(() => response.socket?.destroySoon())
      // A stall neither passes anything on nor asks for more: silence.
    },
  })
}

const EVENT_END = '\n\n'
