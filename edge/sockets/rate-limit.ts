/**
 * What a device may send: far more than a person does, far less than
 * what would keep the object from serving others. Frames a second.
 */
const FRAMES_PER_SECOND = 500

/** A device that comes back may send more at once. Frames. */
const BURST_FRAMES = 2_000

/** Counts a device's frames; false when it has sent more than it may. */
export function createRateLimit(now: () => number): () => boolean {
  let tokens = BURST_FRAMES
  let at = now()

  return () => {
    tokens = Math.min(BURST_FRAMES, tokens + (now() - at) / 1000 * FRAMES_PER_SECOND)
    at = now()
    if (tokens < 1)
      return false
    tokens -= 1
    return true
  }
}
