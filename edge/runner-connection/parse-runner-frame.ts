import type { Joined, Part } from '#shared/protocol/parts.ts'
import type { RunnerUp } from '#shared/protocol/runner.ts'
import * as z from 'zod'
import { parseJson } from '#shared/lib/parse-json.ts'
import { unreachable } from '#shared/lib/unreachable.ts'
import { MAX_FRAME_BYTES } from '#shared/model/limits.ts'
import { MAX_RUNNER_FRAME_LENGTH, runnerUp } from '#shared/protocol/runner.ts'
import { fitsIn } from '../text/fits-in.ts'

/** A close reason holds 123 bytes (RFC 6455 §5.5). */
const MAX_REASON_LENGTH = 120

export type RunnerFrame = Exclude<RunnerUp, { type: 'part' }>

export type ParsedFrame
  = | { kind: 'frame', frame: RunnerFrame }
    /** The frame was a part, and more parts follow. */
    | { kind: 'more' }
    /** A part before this one is missing. */
    | { kind: 'incomplete' }
    /** `why` in few words. */
    | { kind: 'invalid', why: string }

/** Parses a runner's frame; `join` keeps the parts of its socket. */
export function parseRunnerFrame(data: string | ArrayBuffer, join: (part: Part) => Joined): ParsedFrame {
  if (typeof data !== 'string')
    return invalid('Frames are text.')
  if (!fitsIn(data, MAX_FRAME_BYTES))
    return invalid(`A frame has ${MAX_FRAME_BYTES} bytes at most; larger ones travel in parts.`)
  const read = parse(data)
  return read.kind === 'part' ? joined(join(read.part)) : read
}

type Parsed = Extract<ParsedFrame, { kind: 'frame' | 'invalid' }> | { kind: 'part', part: Part }

function parse(text: string): Parsed {
  const json = parseJson(text)
  if (json === undefined)
    return invalid('The frame is not JSON.')
  const parsed = runnerUp.safeParse(json)
  if (parsed.success)
    return parsed.data.type === 'part' ? { kind: 'part', part: parsed.data } : { kind: 'frame', frame: parsed.data }
  const problem = z.prettifyError(parsed.error).replace(/\P{ASCII}+|\s+/gu, ' ')
  return invalid(problem.slice(0, MAX_REASON_LENGTH))
}

function joined(outcome: Joined): ParsedFrame {
  switch (outcome.kind) {
    case 'more':
      return outcome
    case 'broken':
      return { kind: 'incomplete' }
    case 'too-large':
      return invalid(`A frame has ${MAX_RUNNER_FRAME_LENGTH} characters at most, in all its parts.`)
    case 'whole': {
      const read = parse(outcome.text)
      return read.kind === 'part' ? invalid('Parts cannot have parts.') : read
    }
    default:
      return unreachable(outcome)
  }
}

function invalid(why: string): { kind: 'invalid', why: string } {
  return { kind: 'invalid', why }
}
