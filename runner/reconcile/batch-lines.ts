import type { LogLine } from '#shared/protocol/log.ts'

/**
 * Gathers what comes while the last batch is being worked on, so that a slow consumer
 * gets few large batches and a quick one gets each line at once. Reads one line ahead:
 * abort the source before leaving the loop early, or leaving waits for that line.
 */
export async function* batchLines(
  lines: AsyncIterable<LogLine>,
  most: { count: number, length: number },
): AsyncGenerator<LogLine[]> {
  const reader = lines[Symbol.asyncIterator]()
  let next = read(reader)

  try {
    for (let first = (await next)(); !first.done; first = (await next)()) {
      const batch = [first.value]
      let length = first.value.text.length
      next = read(reader)
      // What is there already goes with it.
      while (batch.length < most.count && length < most.length) {
        const more = (await Promise.race([next, nothing()]))?.()
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

/** As a function to be called when the line is wanted: a failure that nobody waits for yet must not end the process. */
function read(reader: AsyncIterator<LogLine>): Promise<() => IteratorResult<LogLine>> {
  return reader.next().then(
    result => () => result,
    (error: unknown) => () => {
      throw error
    },
  )
}

/** Comes after everything that is ready now. */
function nothing(): Promise<null> {
  return new Promise(resolve => setImmediate(resolve, null))
}
