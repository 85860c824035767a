/** Collects every item of a source, in order. */
export async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = []
  for await (const item of source)
    collected.push(item)
  return collected
}
