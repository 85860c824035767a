import type { RunnerUp } from '#shared/protocol/runner.ts'
import * as z from 'zod'
import { parseJson } from '#shared/lib/parse-json.ts'
import { runnerUp } from '#shared/protocol/runner.ts'

/** Several times the size of a long plan with its questions; a runner that sends more is broken. Characters. */
const MAX_FRAME_LENGTH = 1_000_000

/** A close reason holds 123 bytes (RFC 6455 §5.5). */
const MAX_REASON_LENGTH = 120

type ParsedFrame = { ok: true, frame: RunnerUp } | { ok: false, why: string }

/** Parses a runner's frame, or returns the problem in few words. */
export function parseRunnerFrame(data: string | ArrayBuffer): ParsedFrame {
  if (typeof data !== 'string')
    return { ok: false, why: 'Frames are text.' }
  if (data.length > MAX_FRAME_LENGTH)
    return { ok: false, why: `A frame has ${MAX_FRAME_LENGTH} characters at most.` }
  const json = parseJson(data)
  if (json === undefined)
    return { ok: false, why: 'The frame is not JSON.' }
  const parsed = runnerUp.safeParse(json)
  if (parsed.success)
    return { ok: true, frame: parsed.data }
  const problem = z.prettifyError(parsed.error).replace(/\P{ASCII}+|\s+/gu, ' ')
  return { ok: false, why: problem.slice(0, MAX_REASON_LENGTH) }
}
