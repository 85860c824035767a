import { parseJson } from '#shared/lib/parse-json.ts'
import { EdgeError } from './edge-error.ts'
import { nestsTooDeep } from './nests-too-deep.ts'

/** Fits a week of offline messages from a stock client; well below the platform's limit of 32 MiB. */
export const MAX_REQUEST_BYTES = 16 * 1024 * 1024

/** Throws `bad-request` for a text that is not JSON or is nested too deeply. */
export function parseRequestJson(text: string): unknown {
  if (nestsTooDeep(text))
    throw new EdgeError('bad-request', 'This JSON is nested deeper than anything of ours.')
  return parseJson(text, ({ message }) => {
    throw new EdgeError('bad-request', `This is not JSON: ${message}.`)
  })
}
