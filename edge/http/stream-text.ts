/** Large enough that a piece is worth its overhead. Characters. */
const PIECE_LENGTH = 64_000

/** Streams text that is produced while it is sent, so that it may be longer than memory. */
export function streamText(chunks: Iterator<string> | AsyncIterator<string>): ReadableStream {
  const encoder = new TextEncoder()
  return new ReadableStream({
    type: 'bytes',
    async pull(controller) {
      let text = ''
      while (text.length < PIECE_LENGTH) {
        const { done, value } = await chunks.next()
        if (done) {
          if (text)
            controller.enqueue(encoder.encode(text))
          return controller.close()
        }
        text += value
      }
      controller.enqueue(encoder.encode(text))
    },
  })
}
