import { parseJson } from '#shared/lib/parse-json.ts'
import { EdgeError } from './edge-error.ts'
import { nestsTooDeep } from './nests-too-deep.ts'

/**
 * The largest body of a request: a week of offline messages from
 * a stock client, well below what the platform takes (32 MiB).
 */
export const MAX_REQUEST_BYTES = 16 * 1024 * 1024

/** Throws `bad-request` with a sentence when the text is not JSON that we could walk. */
export function parseRequestJson(text: string): unknown {
  if (nestsTooDeep(text))
    throw new EdgeError('bad-request', 'This JSON is nested deeper than anything of ours.')
  return parseJson(text, ({ message }) => {
    throw new EdgeError('bad-request', `This is not JSON: ${message}.`)
  })
}
