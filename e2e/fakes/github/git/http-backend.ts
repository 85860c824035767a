import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { gitEnv } from './git.ts'

/** Larger than any header block git writes; past it the answer is not CGI. Bytes. */
const MAX_HEAD_BYTES = 16_384

interface BackendRequest {
  request: Request
  /** The folder of the bare repository. */
  repository: string
  /** The part of the URL's path after the repository, e.g. `/info/refs`. */
  path: string
  user: string
}

/**
 * Answers one smart HTTP request with `git http-backend`, streaming both ways. `ended` settles when the process has, so that what
 * a push changed can be read then; the response's body ends only after it.
 */
export async function httpBackend({ request, repository, path, user }: BackendRequest, ended: () => Promise<void>): Promise<Response> {
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
  const fed = request.body
    ? pipeline(Readable.from(chunks(request.body)), child.stdin).catch(ignoreClosedPipe)
    : Promise.resolve(child.stdin.end())

  const output: AsyncIterator<Buffer> = child.stdout[Symbol.asyncIterator]()
  const { head, rest } = await readHead(output)
  async function* body() {
    if (rest.length > 0)
      yield rest
    yield* { [Symbol.asyncIterator]: () => output }
    await Promise.all([fed, exited])
    await ended()
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
  }), head)
}

async function* chunks(stream: ReadableStream<Uint8Array>) {
  const reader = stream.getReader()
  for (let part = await reader.read(); !part.done; part = await reader.read())
    yield part.value
}

/** Reads the CGI headers off the front of the output. */
async function readHead(output: AsyncIterator<Buffer>) {
  let read = Buffer.alloc(0)
  while (read.length < MAX_HEAD_BYTES) {
    const end = read.indexOf('\r\n\r\n')
    if (end >= 0)
      return { head: parseHead(read.subarray(0, end).toString()), rest: read.subarray(end + 4) }
    const { value, done } = await output.next()
    if (done)
      break
    read = Buffer.concat([read, value])
  }
  throw new Error(`git http-backend answered without headers: ${read.toString().slice(0, 500)}`)
}

function parseHead(text: string): { status: number, headers: Headers } {
  const headers = new Headers(text.split('\r\n').map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon), line.slice(colon + 1).trim()]
  }))
  const status = Number.parseInt(headers.get('status') ?? '200')
  headers.delete('status')
  return { status, headers }
}

/** git may answer and leave before it has read all of the request; that is its right. */
function ignoreClosedPipe(error: unknown) {
  if (!(error instanceof Error && 'code' in error && (error.code === 'EPIPE' || error.code === 'ERR_STREAM_PREMATURE_CLOSE')))
    throw error
}
