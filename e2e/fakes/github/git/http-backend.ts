import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { gitEnv } from './git.ts'

/** Larger than any header block that git writes; a longer one is no CGI response. */
const MAX_HEADER_BYTES = 16_384

interface BackendRequest {
  request: Request
  /** The folder of the bare repository. */
  repository: string
  /** The part of the URL's path after the repository, e.g. `/info/refs`. */
  path: string
  user: string
}

/**
 * Handles one smart HTTP request with `git http-backend`, streaming both ways. `onExit` is called when the process has ended and the
 * effect of a push can be read; the response's body ends only after it.
 */
export async function httpBackend({ request, repository, path, user }: BackendRequest, onExit: () => Promise<void>): Promise<Response> {
  const url = new URL(request.url)
  const child = spawn('git', ['http-backend'], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      ...gitEnv(),
      GIT_PROJECT_ROOT: repository,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_PROTOCOL: request.headers.get('git-protocol') ?? '',
      PATH_INFO: path,
      REMOTE_USER: user,
      REQUEST_METHOD: request.method,
      QUERY_STRING: url.search.slice(1),
      CONTENT_TYPE: request.headers.get('content-type') ?? '',
      CONTENT_LENGTH: request.headers.get('content-length') ?? '',
      HTTP_CONTENT_ENCODING: request.headers.get('content-encoding') ?? '',
    },
  })
  const exited = once(child, 'close')
  child.stderr.resume()
  const sent = request.body
    ? pipeline(Readable.from(chunks(request.body)), child.stdin).catch(ignoreClosedPipe)
    : Promise.resolve(child.stdin.end())

  const output: AsyncIterator<Buffer> = child.stdout[Symbol.asyncIterator]()
  const { init, rest } = await readHeaders(output)
  async function* body() {
    if (rest.length > 0)
      yield rest
    yield* { [Symbol.asyncIterator]: () => output }
    await Promise.all([sent, exited])
    await onExit()
  }
  const parts = body()
  return new Response(new ReadableStream({
    async pull(controller) {
      const { value, done } = await parts.next()
      if (done)
        return controller.close()
      controller.enqueue(value)
    },
    cancel() {
      child.kill()
    },
  }), init)
}

async function* chunks(stream: ReadableStream<Uint8Array>) {
  const reader = stream.getReader()
  for (let part = await reader.read(); !part.done; part = await reader.read())
    yield part.value
}

/** Reads the CGI headers at the start of the output, and returns the output that was read beyond them. */
async function readHeaders(output: AsyncIterator<Buffer>) {
  let read = Buffer.alloc(0)
  while (read.length < MAX_HEADER_BYTES) {
    const end = read.indexOf('\r\n\r\n')
    if (end >= 0)
      return { init: parseHeaders(read.subarray(0, end).toString()), rest: read.subarray(end + 4) }
    const { value, done } = await output.next()
    if (done)
      break
    read = Buffer.concat([read, value])
  }
  throw new Error(`git http-backend responded without headers: ${read.toString().slice(0, 500)}`)
}

function parseHeaders(text: string): { status: number, headers: Headers } {
  const headers = new Headers(text.split('\r\n').map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon), line.slice(colon + 1).trim()]
  }))
  const status = Number.parseInt(headers.get('status') ?? '200')
  headers.delete('status')
  return { status, headers }
}

/** git may respond and exit before it has read the whole request. */
function ignoreClosedPipe(error: unknown) {
  if (!(error instanceof Error && 'code' in error && (error.code === 'EPIPE' || error.code === 'ERR_STREAM_PREMATURE_CLOSE')))
    throw error
}
