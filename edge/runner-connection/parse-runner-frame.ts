import type { RunnerUp } from '#shared/protocol/runner.ts'
import * as z from 'zod'
import { parseJson } from '#shared/lib/parse-json.ts'
import { runnerUp } from '#shared/protocol/runner.ts'

/** A long plan with its questions fits several times over; a runner that sends more is broken. Characters. */
const MAX_FRAME_LENGTH = 1_000_000

/** A close reason holds 123 bytes (RFC 6455 §5.5). */
const MAX_REASON_LENGTH = 120

/** What a runner sent, or what is wrong with it in few words. */
export function parseRunnerFrame(
  data: string | ArrayBuffer,
): { ok: true, frame: RunnerUp } | { ok: false, why: string } {
  if (typeof data !== 'string')
    return { ok: false, why: 'Frames are text.' }
  if (data.length > MAX_FRAME_LENGTH)
    return { ok: false, why: `A frame has ${MAX_FRAME_LENGTH} characters at most.` }
  const json = parseJson(data)
  if (json === undefined)
    return { ok: false, why: 'The frame is not JSON.' }
  const parsed = runnerUp.safeParse(json)
  return parsed.success
    ? { ok: true, frame: parsed.data }
    : {
        ok: false,
        why: z
          .prettifyError(parsed.error)
          .replace(/\P{ASCII}+|\s+/gu, ' ')
          .slice(0, MAX_REASON_LENGTH),
      }
}
