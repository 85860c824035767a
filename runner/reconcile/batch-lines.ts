import type { LogLine } from '#shared/protocol/log.ts'

/**
 * Gathers the lines that arrive while the consumer works on the last batch, so that a slow consumer gets few
 * large batches and a quick one gets each line at once. `limits.length` is in characters. It reads one line
 * ahead: abort the source before leaving the loop early, because leaving waits for that line.
 */
export async function* batchLines(
  lines: AsyncIterable<LogLine>,
  limits: { count: number, length: number },
): AsyncGenerator<LogLine[]> {
  const reader = lines[Symbol.asyncIterator]()
  let next = read(reader)

  try {
    for (let first = (await next)(); !first.done; first = (await next)()) {
      const batch = [first.value]
      let length = first.value.text.length
      next = read(reader)
      // Lines that are ready now join the batch.
      while (batch.length < limits.count && length < limits.length) {
        const more = (await Promise.race([next, afterReadyLines()]))?.()
        if (!more || more.done)
          break
        batch.push(more.value)
        length += more.value.text.length
        next = read(reader)
      }
      yield batch
    }
  }
  finally {
    await reader.return?.()
  }
}

/** Wraps the result in a function: a rejection that nothing awaits yet would end the process. */
function read(reader: AsyncIterator<LogLine>): Promise<() => IteratorResult<LogLine>> {
  return reader.next().then(
    result => () => result,
    (error: unknown) => () => {
      throw error
    },
  )
}

/** Resolves after every promise that can resolve without waiting for input. */
function afterReadyLines(): Promise<null> {
  return new Promise(resolve => setImmediate(resolve, null))
}
