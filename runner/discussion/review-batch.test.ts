import type { GitHubComment } from '../github/discussion.ts'
import { expect, test } from 'vitest'
import { runnerEvent } from '#shared/model/task-event.ts'
import { newAuthors, reviewBatch } from './review-batch.ts'

const NOW = 1_000_000
const LONG_AGO = NOW - 60_000

function comment(overrides: Partial<GitHubComment> = {}): GitHubComment {
  return { id: 'comment:1', nodeId: 'IC_1', author: 'ada', isBot: false, at: LONG_AGO, text: 'Rename it.', location: null, verdict: null, ...overrides }
}
function onLine(overrides: Partial<GitHubComment> = {}) {
  return comment({ id: 'line:2', location: { path: 'src/a.ts', line: 7, hunk: '@@ -1 +1 @@\n+const a = 1' }, ...overrides })
}
const review = (overrides: Partial<GitHubComment> = {}) => comment({ id: 'review:3', verdict: 'commented', ...overrides })

function batch(comments: GitHubComment[], handled: GitHubComment['id'][] = []) {
  return reviewBatch(comments, { handled, writers: new Set(['ada', 'bob']), now: NOW, quietMs: 10_000 })
}

test.each<[title: string, comments: GitHubComment[], feedback: string[] | null, ignored: string[]]>([
  ['a comment with write access is feedback', [comment()], ['comment:1'], []],
  ['a comment without write access is ignored', [comment({ author: 'eve' })], [], ['comment:1']],
  ['a bot\'s comment is ignored, whatever its access', [comment({ isBot: true })], [], ['comment:1']],
  ['more comments may follow a new one', [comment({ at: NOW - 9_999 })], null, []],
  ['an older comment waits for the newer one, to be one attempt', [comment(), onLine({ at: NOW - 1 })], null, []],
  ['a time in the future counts as now', [comment({ at: NOW + 99_000 })], null, []],
  ['a comment without write access delays nothing', [comment(), comment({ id: 'comment:9', author: 'eve', at: NOW })], ['comment:1'], ['comment:9']],
  [
    'a review with comments on lines is one attempt',
    [review({ text: 'Two things.' }), onLine(), onLine({ id: 'line:4' })],
    ['review:3', 'line:2', 'line:4'],
    [],
  ],
  ['requested changes without text are feedback', [review({ text: '', verdict: 'changes-requested' })], ['review:3'], []],
  ['requested changes stand for their line comments', [review({ text: '', verdict: 'changes-requested' }), onLine()], ['line:2'], ['review:3']],
  ['a review without text is ignored beside its line comments', [review({ text: '' }), onLine()], ['line:2'], ['review:3']],
  ['an approval without text is ignored', [review({ text: '', verdict: 'approved' })], [], ['review:3']],
  ['an approval with praise is ignored', [review({ text: 'LGTM 👍', verdict: 'approved' })], [], ['review:3']],
  ['praise is ignored', [comment({ text: 'Looks good to me, thanks!' })], [], ['comment:1']],
  ['praise with a request is feedback', [comment({ text: 'LGTM, but rename it' })], ['comment:1'], []],
  ['an approval with a request is feedback', [review({ text: 'Fine, just add a test.', verdict: 'approved' })], ['review:3'], []],
  ['no comments are an empty batch', [], [], []],
])('%s', (_, comments, feedback, ignored) => {
  expect(batch(comments) && { ...batch(comments), feedback: batch(comments)?.feedback.map(({ id }) => id) }).toEqual(feedback && { feedback, ignored })
})

test('a handled comment is not new', () => {
  expect(batch([comment(), onLine()], ['comment:1'])).toMatchObject({ feedback: [{ id: 'line:2' }], ignored: [] })
})

test('the feedback\'s text has the author, the location and the hunk', () => {
  expect(batch([onLine({ text: ' Use let. ' })])?.feedback[0]?.text).toBe('@ada on src/a.ts:7:\n\n@@ -1 +1 @@\n+const a = 1\n\nUse let.')
  expect(batch([review({ text: 'No.', verdict: 'changes-requested' })])?.feedback[0]?.text).toBe('@ada requested changes:\n\nNo.')
})

test('new authors are listed once, without bots and authors of handled comments', () => {
  expect(
    newAuthors(
      [comment(), comment({ id: 'comment:5' }), comment({ id: 'comment:6', author: 'ci', isBot: true }), comment({ id: 'comment:7', author: 'bob' })],
      ['comment:7'],
    ),
  ).toEqual(['ada'])
})

test('comments beyond the limit of one report wait for the next one', () => {
  const long = Array.from({ length: 80 }, (_, n) => comment({ id: `comment:${n}`, text: 'a'.repeat(16_000) }))
  const first = batch(long)?.feedback ?? []
  expect(first.length).toBeGreaterThan(5)
  expect(runnerEvent.safeParse({ kind: 'feedback', comments: first }).success).toBe(true)
  const next = batch(long, first.map(({ id }) => id))
  expect([next?.feedback[0]?.id, next?.ignored]).toEqual([`comment:${first.length}`, []])
})

test('a long comment is not cut in the middle of a character', () => {
  const [cut] = batch([comment({ text: '🙂'.repeat(16_000) }), comment({ id: 'comment:2', text: `a${'🙂'.repeat(16_000)}` })])?.feedback ?? []
  expect(cut?.text.isWellFormed()).toBe(true)
})
