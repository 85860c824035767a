import process from 'node:process'
import { createRedactor } from '#shared/text/redact.ts'
import { HOSTILE_SEEDS, TEXT_READERS } from '../../edge/testing/hostile-text.ts'
import { parsePlanComment } from '../../runner/discussion/parse-plan-comment.ts'
import { parseClaudeLine } from '../../runner/worker/claude/claude-stream.ts'
import { LINEAR, readerGrowth } from './reader-growth.ts'

/** Checks that every reader of untrusted text takes time in proportion to its length, by its worst ratio over all seeds. */
const TARGETS = { growth: LINEAR }

const redact = createRedactor([])
const readers: Record<string, (text: string) => unknown> = {
  ...TEXT_READERS,
  'a header and its value': text => redact(`authorization${text}`),
  'a comment on a plan': text => parsePlanComment(text, []),
  'a line of Claude Code': parseClaudeLine,
}
const SEEDS = [
  ...HOSTILE_SEEDS,
  ' ',
  '/approve ',
  '```\n',
  'A',
  'http:/',
  'https://aaaa',
  'eyJaaaaaaaa-',
  '-----BEGIN PRIVATE KEY----- ',
  'A_TOKEN',
  '?token=&',
  '#setup=',
]

const rows = Object.entries(readers).map(([reader, read]) => {
  const [worst] = SEEDS.map(seed => ({ seed, growth: readerGrowth(read, seed) })).sort((a, b) => b.growth - a.growth)
  return { reader, 'worst seed': JSON.stringify(worst?.seed), 'growth': worst?.growth ?? Infinity }
})
console.table(rows.map(row => ({ ...row, growth: row.growth.toFixed(1) })))
const missed = rows.filter(({ growth }) => !(growth < TARGETS.growth))
for (const { reader, growth } of missed)
  console.log(`missed: eight times the text takes ${growth.toFixed(1)} times as long to read as ${reader}, less than ${TARGETS.growth} was wanted`)
process.exitCode = missed.length > 0 ? 1 : 0
console.log(JSON.stringify({ bench: 'readers', figures: { growth: Math.max(...rows.map(({ growth }) => growth)) }, targets: TARGETS }))
