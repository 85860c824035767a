import * as z from 'zod'
import { MAX_FRAME_BYTES } from '../model/limits.ts'

/** A piece of a frame that is too large for one. */
export const part = z.object({
  type: z.literal('part'),
  frame: z.number().int(),
  n: z.number().int().nonnegative(),
  last: z.boolean(),
  /** Not made well-formed: a part may end in the middle of a surrogate pair. */
  text: z.string(),
})
export type Part = Omit<z.infer<typeof part>, 'type'>

/** A UTF-16 unit takes at most six bytes in JSON, so every part fits into a frame. Characters. */
const PART_LENGTH = Math.floor(MAX_FRAME_BYTES / 6) - 100

/** Splits a frame into parts unless it surely fits. Surrogate pairs may be split: JSON escapes each half. */
export function toParts(text: string, frame: number): string[] {
  if (text.length * 3 <= MAX_FRAME_BYTES)
    return [text]
  const parts: string[] = []
  for (let at = 0; at < text.length; at += PART_LENGTH) {
    const part: Part = {
      frame,
      n: parts.length,
      last: at + PART_LENGTH >= text.length,
      text: text.slice(at, at + PART_LENGTH),
    }
    parts.push(JSON.stringify({ type: 'part', ...part }))
  }
  return parts
}

export type Joined
  /** The frame is complete. */
  = | { kind: 'whole', text: string }
    | { kind: 'more' }
  /** A part before this one is missing: the frame must be sent again. */
    | { kind: 'broken' }
    | { kind: 'too-large' }

/** Joins parts, one frame at a time; a part out of sequence drops the frame. `maxLength` is in characters. */
export function createPartsJoiner(maxLength: number): (part: Part) => Joined {
  let frame: number | null = null
  let texts: string[] = []
  let length = 0

  function end(): void {
    frame = null
    texts = []
    length = 0
  }

  return ({ frame: of, n, last, text }) => {
    if (n === 0) {
      end()
      frame = of
    }
    if (of !== frame || n !== texts.length) {
      end()
      return { kind: 'broken' }
    }
    texts.push(text)
    length += text.length
    if (length > maxLength) {
      end()
      return { kind: 'too-large' }
    }
    if (!last)
      return { kind: 'more' }
    const whole = texts.join('')
    end()
    return { kind: 'whole', text: whole }
  }
}
