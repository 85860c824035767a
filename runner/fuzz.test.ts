import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parsePlanComment } from './discussion/parse-plan-comment.ts'
import { parseClaudeLine } from './worker/claude/claude-stream.ts'

const comment = fc.array(fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom('/approve', '/revise', '/answer', '/cancel', '/approve but', 'LGTM', '> /approve', '```', '<!--', '-->', '1.', '`/approve`'),
), { maxLength: 12 }).map(parts => parts.join('\n'))

const question = { id: 'q1', text: 'Which?', options: [], why: null }

describe('untrusted input', () => {
  test('a comment is a known decision or none', () => {
    fc.assert(fc.property(comment, fc.boolean(), (text, asked) => {
      const decision = parsePlanComment(text, asked ? [question] : [])
      return decision === null || typeof decision.kind === 'string'
    }), { numRuns: 500 })
  })

  test('only the bare command approves', () => {
    fc.assert(fc.property(comment, (text) => {
      const decision = parsePlanComment(text, [])
      return decision?.kind !== 'approve-plan' || /^\s*\/approve\s*$/im.test(text)
    }), { numRuns: 500 })
  })

  test('a line of a worker is an event or none', () => {
    fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (line) => {
      parseClaudeLine(line)
    }), { numRuns: 500 })
  })

  test.each(['`', '> ', '<!--', '\n', '/approve ', '```\n', ' '])('%j repeated to a long text is parsed', (seed) => {
    const text = seed.repeat(64_000 / seed.length)
    expect(() => [parsePlanComment(text, []), parseClaudeLine(text)]).not.toThrow()
  })
})
