import { MAX_FRAME_BYTES } from '../model/limits.ts'

export interface Part { frame: number, n: number, last: boolean, text: string }

/**
 * Six bytes are the most a UTF-16 unit takes in JSON, so that a part fits into a frame whatever it says. Characters.
 */
const PART_LENGTH = Math.floor(MAX_FRAME_BYTES / 6) - 100

/** A frame as it travels: whole when it surely fits, else in parts. Surrogates may be split: JSON escapes each half. */
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
  /** The last part came: the frame's text. */
  = | { kind: 'whole', text: string }
    | { kind: 'more' }
  /** A part before this one is missing: the frame must be sent again. */
    | { kind: 'broken' }
    | { kind: 'too-large' }

/** Puts parts together again, one frame at a time; whatever does not follow ends it. */
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
