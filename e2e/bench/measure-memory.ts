import type { BenchEdge } from './bench-edge.ts'
import * as z from 'zod'
import { must } from '#shared/lib/must.ts'
import { startBenchEdge } from './bench-edge.ts'
import { createRandomText } from './random-text.ts'
import { median, pairedRatio } from './statistics.ts'

const SIZES = [100, 1_000, 10_000, 100_000] as const
const ROUNDS = 40
/** Repetitions in one request, so that its round trip counts for little. */
const CONTEXTS = 10
const COMPACTIONS = 5

/** Limits of one request, in messages and in steps of compaction: workerd closes a connection that was blocked for seconds. */
const BATCH = 10_000
const STEPS = 100

const cost = z.object({ rows: z.number(), tokens: z.number() })
const caughtUp = cost.extend({ rests: z.boolean() })

export interface MemoryFigures {
  contextMs: number
  contextRows: number
  contextTokens: number
  compactionMs: number
  compactionRows: number
  compactionTokens: number
}

/** Each figure is the greatest of the longer conversations' ratios to the shortest one. */
export async function measureMemory(): Promise<MemoryFigures> {
  const edge = await startBenchEdge({ entry: 'edge/memory/testing/bench-worker.ts', binding: 'MEMORY', className: 'MemoryBench' })
  try {
    const conversations: Measured[] = []
    for (const size of SIZES)
      conversations.push(await createConversation(edge, size))
    const measured = await measure(edge, conversations)
    const [few] = measured
    const worst = (ratio: (longer: Measured) => number) => Math.max(...measured.slice(1).map(longer => Number(ratio(longer).toFixed(3))))
    const base = must(few, 'the shortest conversation')
    console.table(measured.map(of => ({
      'messages': of.messages,
      'context, ms': median(of.context.ms).toFixed(2),
      '×': pairedRatio(of.context.ms, base.context.ms).toFixed(2),
      'rows': of.context.rows,
      'tokens': of.context.tokens,
      'compaction, ms': median(of.compaction.ms).toFixed(2),
      '× ': pairedRatio(of.compaction.ms, base.compaction.ms).toFixed(2),
      'rows ': of.compaction.rows,
      'tokens ': of.compaction.tokens,
      'dearest step, rows': of.dearest.rows,
      'tokens  ': of.dearest.tokens,
    })))
    return {
      contextMs: worst(of => pairedRatio(of.context.ms, base.context.ms)),
      contextRows: worst(of => of.context.rows / base.context.rows),
      contextTokens: worst(of => of.context.tokens / base.context.tokens),
      compactionMs: worst(of => pairedRatio(of.compaction.ms, base.compaction.ms)),
      compactionRows: worst(of => of.compaction.rows / base.compaction.rows),
      compactionTokens: worst(of => of.compaction.tokens / base.compaction.tokens),
    }
  }
  finally {
    await edge.close()
  }
}

interface Cost { ms: number[], rows: number, tokens: number }
interface Measured { messages: number, context: Cost, compaction: Cost, dearest: z.infer<typeof cost> }

/** Creates a conversation of short questions and long answers, at the moment when its next compaction is due. */
async function createConversation(edge: BenchEdge, messages: number): Promise<Measured> {
  const { message } = createRandomText(1)
  const texts = Array.from({ length: 200 }, (_, n) => n % 2 === 1 ? message() : Array.from({ length: 9 }, message).join('\n\n'))
  const object = String(messages)
  for (let through = 0; through < messages;) {
    through = Math.min(messages, through + BATCH)
    await edge.ask('/fill', { object, body: { through, texts } })
  }
  const dearest = { rows: 0, tokens: 0 }
  for (let rests = false; !rests;) {
    const step = caughtUp.parse((await edge.ask(`/catch-up?steps=${STEPS}`, { object })).answer)
    rests = step.rests
    dearest.rows = Math.max(dearest.rows, step.rows)
    dearest.tokens = Math.max(dearest.tokens, step.tokens)
  }
  await edge.ask('/until-due', { object, body: { texts } })
  return { messages, dearest, context: { ms: [], rows: 0, tokens: 0 }, compaction: { ms: [], rows: 0, tokens: 0 } }
}

async function measure(edge: BenchEdge, conversations: Measured[]): Promise<Measured[]> {
  for (let round = 0; round < ROUNDS; round++) {
    for (const { messages, context, compaction } of conversations) {
      await measureOnce(edge, { object: String(messages), path: '/context', times: CONTEXTS, into: context })
      await measureOnce(edge, { object: String(messages), path: '/compact', times: COMPACTIONS, into: compaction })
    }
  }
  return conversations
}

async function measureOnce(edge: BenchEdge, { object, path, times, into }: { object: string, path: string, times: number, into: Cost }): Promise<void> {
  const { ms, answer } = await edge.ask(`${path}?times=${times}`, { object })
  into.ms.push(ms / times)
  Object.assign(into, cost.parse(answer))
}
