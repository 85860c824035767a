/** Far more than a person sends, far less than would keep the object from serving others. Frames a second. */
const FRAMES_PER_SECOND = 500

/** A device that reconnects may send more at once. Frames. */
const BURST_FRAMES = 2_000

/** Makes a function that counts a device's frames; it returns false when the device exceeds its rate. */
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
