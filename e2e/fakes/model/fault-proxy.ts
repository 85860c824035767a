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
  /** Gets the pictures and documents of each request of the conversation, because the scripted model drops them. */
  onFiles: (files: RequestFile[]) => void
}

/** A proxy in front of the scripted model at `target`, which adds the faults that are due for the caller of a request. */
export function createFaultProxy(target: string, { nextFault, onFiles }: FaultProxyDeps): Server {
  return createServer(async (request, response) => {
    const sent = await buffer(request).catch(() => null)
    // The client left before the request was complete.
    if (sent === null)
      return
    const json: unknown = request.method === 'POST' ? JSON.parse(sent.toString()) : null
    const caller = json === null ? null : callerOf(body.parse(json).tools.map(({ name }) => name))
    if (caller === 'conversation')
      onFiles(requestFiles(json))
    const fault = caller === null ? null : nextFault(caller)
    if (fault !== null && fault.kind !== 'cut' && fault.kind !== 'stall')
      return sendFault(fault, request, response)

    const forwarded = httpRequest(new URL(request.url ?? '/', target), { method: request.method ?? 'GET', headers: request.headers }, (scripted) => {
      response.writeHead(scripted.statusCode ?? 502, scripted.headers)
      // Without this, Node holds the headers back until the first event.
      response.flushHeaders()
      const events = fault === null ? scripted : scripted.pipe(interrupt(fault, response))
      events.pipe(response)
    })
    forwarded.on('error', error => response.destroy(error))
    // The scripted stream must end when the client leaves.
    response.on('close', () => forwarded.destroy())
    forwarded.end(sent)
  })
}

/** Passes the fault's number of events on, and then cuts or stalls the stream. */
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
        // The client still gets the passed events, but no end of the response.
        setImmediate(() => response.socket?.destroySoon())
      // A stall never calls `done`, so nothing more is passed on or read.
    },
  })
}

const EVENT_END = '\n\n'
