import type { RunnerUp } from './runner.ts'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { must } from '../lib/must.ts'
import { MAX_FAILURE_LENGTH, MAX_FEEDBACK_LENGTH, MAX_FRAME_BYTES } from '../model/limits.ts'
import { attemptResult, runnerEvent, verdict } from '../model/task-event.ts'
import { largest } from './largest.testing.ts'
import { createPartsJoiner, part, toParts } from './parts.ts'
import { MAX_RUNNER_FRAME_LENGTH, runnerUp } from './runner.ts'

type Fields = Record<string, unknown>
type Named = [name: string, value: unknown]

/** Frames around other content: a report has an event, and a part is as long as a frame may be. */
const WRAPPERS: ReadonlySet<string> = new Set(['report', 'part'])

const JOBS = 50
const COMMENTS = 100

/** One value for each frame, event, outcome and verdict. */
const frames: Named[] = [
  ...each(runnerUp.options.filter(({ shape }) => !WRAPPERS.has(shape.type.value)), 'type'),
  ...each(runnerEvent.options, 'kind').flatMap(([kind, event]): Named[] => {
    if (kind === 'ended')
      return each(attemptResult.options, 'outcome').map(([outcome, result]) => [`ended: ${outcome}`, { ...event, result }])
    if (kind === 'checks')
      return each(verdict.options, 'kind').map(([found, value]) => [`checks: ${found}`, { ...event, verdict: sharedExcerpts(value) }])
    return [[kind, kind === 'feedback' ? { ...event, comments: sharedComments() } : event]]
  }).map(([name, event]): Named => [name, { type: 'report', id: '\u0001'.repeat(100), task: 'a1b2c3d4e5', event }]),
]

function each(options: readonly z.ZodObject[], by: string): [string, Fields][] {
  return options.map((schema) => {
    const value = largest(z.toJSONSchema(schema)) as Fields
    return [String(value[by]), value]
  })
}

/** Excerpts have a limit together, as comments have; here each has an equal part of it. */
function sharedExcerpts(value: Fields): Fields {
  const jobs = Array.from({ length: JOBS }, () => ({
    name: '\u0001'.repeat(300),
    url: '\u0001'.repeat(2000),
    excerpt: '\u0001'.repeat(2 * MAX_FAILURE_LENGTH / JOBS),
  }))
  return value.kind === 'failed' ? { ...value, failure: { kind: 'conflict', summary: '\u0001'.repeat(1000), jobs } } : value
}

function sharedComments(): Fields[] {
  return Array.from({ length: COMMENTS }, () => ({ id: `comment:${'9'.repeat(20)}`, text: '\u0001'.repeat(MAX_FEEDBACK_LENGTH / COMMENTS) }))
}

test.each(frames)('the largest %s passes through the socket, in parts that each fit', (_, frame) => {
  const text = JSON.stringify(frame)
  expect(text.length).toBeLessThanOrEqual(MAX_RUNNER_FRAME_LENGTH)
  const parts = toParts(text, 1)
  expect(Math.max(...parts.map(piece => new TextEncoder().encode(piece).byteLength))).toBeLessThanOrEqual(MAX_FRAME_BYTES)

  const join = createPartsJoiner(MAX_RUNNER_FRAME_LENGTH)
  const whole = parts.length === 1 ? { kind: 'whole' as const, text } : parts.map(piece => join(part.parse(JSON.parse(piece)))).at(-1)
  expect(whole).toEqual({ kind: 'whole', text })
  // Only ids have a pattern, and the largest value has a longer text in their place.
  const issues = runnerUp.safeParse(JSON.parse(text)).error?.issues ?? []
  expect(issues.filter(({ code }) => code !== 'invalid_format')).toEqual([])
})

test('the frames of the test are all that there are', () => {
  const named = [...new Set(frames.map(([name]) => name.split(':')[0]))]
  const types = runnerUp.options.map(({ shape }) => shape.type.value).filter(type => !WRAPPERS.has(type))
  expect(named.sort()).toEqual([...types, ...runnerEvent.options.map(({ shape }) => shape.kind.value)].sort())
})

const comments = Array.from({ length: 80 }, (_, n) => ({ id: `comment:${n}`, text: 'a'.repeat(16_000) }))
const jobs = Array.from({ length: JOBS }, () => ({ name: '', url: null, excerpt: 'a'.repeat(MAX_FAILURE_LENGTH) }))
const failed = { kind: 'failed', failure: { kind: 'checks', summary: '', jobs } }

test.each([
  ['comments', { kind: 'feedback', comments }],
  ['excerpts', { kind: 'checks', head: 'a'.repeat(40), verdict: failed }],
])('a report of more than 1.2 MB of %s is refused by its schema', (_, event) => {
  const frame = { type: 'report', id: 'r', task: 'a1b2c3d4e5', event } as RunnerUp
  expect(JSON.stringify(frame).length).toBeGreaterThan(1_200_000)
  expect(must(runnerUp.safeParse(frame).error, 'a refusal').issues[0]?.message).toMatch(/together are too long/)
})
