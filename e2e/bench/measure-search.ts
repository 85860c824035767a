import { startBenchEdge } from './bench-edge.ts'
import { createRandomText } from './random-text.ts'
import { median, percentile } from './statistics.ts'

const MESSAGES = 100_000
const BATCH = 5_000
const ROUNDS = 40

const randomText = createRandomText(1)
const KINDS: Record<string, () => string> = {
  'a rare word': () => `${randomText.rare()} `,
  'a common word': () => `${randomText.common()} `,
  'two words': () => `${randomText.rare()} ${randomText.common()} `,
  'a phrase': () => `"${randomText.common()} ${randomText.common()}"`,
  'a beginning': () => randomText.rare().slice(0, 3),
  'one letter': () => randomText.rare().slice(0, 1),
  'a word and a letter': () => `${randomText.rare()} ${randomText.rare().slice(0, 1)}`,
  'a question': () => `what did ${randomText.common()} say about ${randomText.rare()} and ${randomText.common()}`,
  'a pasted text': () => randomText.message(),
}

export const SEARCH_TARGETS = { p95Ms: 50 }

/** Measures searches at the edge over a long history, each kind of query beside an empty request and a scan in the same run. */
export async function measureSearch(): Promise<{ messages: number, p50Ms: number, p95Ms: number }> {
  const edge = await startBenchEdge({ entry: 'edge/search/testing/bench-worker.ts', binding: 'SEARCH', className: 'SearchBench' })
  const all: number[] = []
  const table = []
  try {
    for (let from = 1; from <= MESSAGES; from += BATCH)
      await edge.ask('/fill', { body: { from, texts: Array.from({ length: BATCH }, randomText.message) } })
    for (const [kind, query] of Object.entries(KINDS)) {
      const searched: number[] = []
      const empty: number[] = []
      const scanned: number[] = []
      for (let round = 0; round < ROUNDS; round++) {
        const q = encodeURIComponent(query())
        searched.push((await edge.ask(`/search?q=${q}`)).ms)
        empty.push((await edge.ask('/nothing')).ms)
        if (round % 10 === 0)
          scanned.push((await edge.ask(`/scan?q=${q}`)).ms)
      }
      all.push(...searched)
      table.push({
        'query': kind,
        'p50 ms': round(median(searched)),
        'p95 ms': round(percentile(searched, 0.95)),
        '× empty request': round(median(searched) / median(empty)),
        '× scan': round(median(searched) / median(scanned)),
      })
    }
  }
  finally {
    await edge.close()
  }
  const figures = { messages: MESSAGES, p50Ms: round(median(all)), p95Ms: round(percentile(all, 0.95)) }
  console.table([...table, { 'query': 'all', 'p50 ms': figures.p50Ms, 'p95 ms': figures.p95Ms }])
  return figures
}

function round(value: number): number {
  return Number(value.toFixed(2))
}
