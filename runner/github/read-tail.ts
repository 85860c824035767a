import { Buffer } from 'node:buffer'
import * as z from 'zod'
import { GitHubError } from './github.ts'

const stream = z.instanceof(ReadableStream)

/** The last `limit` bytes of a body as text, from the start of a line. Holds at most about twice the limit. */
export async function readTail(body: unknown, limit: number): Promise<string> {
  const whole = await readEnd(stream.parse(body), limit)
  if (whole.length <= limit)
    return whole.toString('utf8')
  const end = whole.subarray(-limit)
  return end.subarray(end.indexOf('\n') + 1).toString('utf8')
}

/** At least the last `limit` bytes. */
async function readEnd(body: ReadableStream, limit: number): Promise<Buffer> {
  let kept: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of body) {
      const bytes = z.instanceof(Uint8Array).parse(chunk)
      kept.push(bytes)
      size += bytes.length
      if (size > 2 * limit) {
        // One extra byte tells the caller that something was cut.
        kept = [Buffer.concat(kept).subarray(-limit - 1)]
        size = limit + 1
      }
    }
  }
  catch (cause) {
    throw new GitHubError('unreachable', 'GitHub stopped in the middle of a job\'s log. It is asked again.', { cause })
  }
  return Buffer.concat(kept)
}
