import type { GitHubComment } from '../github/discussion.ts'
import { expect, test } from 'vitest'
import { newAuthors, reviewBatch } from './review-batch.ts'

const NOW = 1_000_000
const LONG_AGO = NOW - 60_000

function remark(given: Partial<GitHubComment> = {}): GitHubComment {
  return { id: 'comment:1', node: 'IC_1', by: 'ada', isBot: false, at: LONG_AGO, text: 'Rename it.', location: null, verdict: null, ...given }
}
const onLine = (given: Partial<GitHubComment> = {}) => remark({ id: 'line:2', location: { path: 'src/a.ts', line: 7, hunk: '@@ -1 +1 @@\n+const a = 1' }, ...given })
const review = (given: Partial<GitHubComment> = {}) => remark({ id: 'review:3', verdict: 'commented', ...given })

function batch(remarks: GitHubComment[], heard: GitHubComment['id'][] = []) {
  return reviewBatch(remarks, { heard, writers: new Set(['ada', 'bob']), now: NOW, quietMs: 10_000 })
}

test.each<[sentence: string, remarks: GitHubComment[], feedback: string[] | null, ignored: string[]]>([
  ['a comment by somebody who may write is a wish', [remark()], ['comment:1'], []],
  ['a comment by somebody who may not is ignored', [remark({ by: 'eve' })], [], ['comment:1']],
  ['a program\'s comment is ignored, whoever it works for', [remark({ isBot: true })], [], ['comment:1']],
  ['what was just said may not be all', [remark({ at: NOW - 9_999 })], null, []],
  ['an older wish waits for the newer one, to be one attempt', [remark(), onLine({ at: NOW - 1 })], null, []],
  ['a time from the future is another clock\'s and becomes quiet too', [remark({ at: NOW + 99_000 })], null, []],
  ['somebody who may not write holds nothing up', [remark(), remark({ id: 'comment:9', by: 'eve', at: NOW })], ['comment:1'], ['comment:9']],
  [
    'a review with comments on lines is one attempt',
    [review({ text: 'Two things.' }), onLine(), onLine({ id: 'line:4' })],
    ['review:3', 'line:2', 'line:4'],
    [],
  ],
  ['requested changes without words are a wish', [review({ text: '', verdict: 'changes-requested' })], ['review:3'], []],
  ['requested changes whose words stand at lines are those', [review({ text: '', verdict: 'changes-requested' }), onLine()], ['line:2'], ['review:3']],
  ['a review without words that only carries comments is ignored', [review({ text: '' }), onLine()], ['line:2'], ['review:3']],
  ['an approval without words asks for nothing', [review({ text: '', verdict: 'approved' })], [], ['review:3']],
  ['an approval with praise asks for nothing', [review({ text: 'LGTM 👍', verdict: 'approved' })], [], ['review:3']],
  ['praise asks for nothing', [remark({ text: 'Looks good to me, thanks!' })], [], ['comment:1']],
  ['praise with a wish is a wish', [remark({ text: 'LGTM, but rename it' })], ['comment:1'], []],
  ['an approval with a wish is a wish', [review({ text: 'Fine, just add a test.', verdict: 'approved' })], ['review:3'], []],
  ['nothing said is nothing', [], [], []],
])('%s', (_, remarks, feedback, ignored) => {
  expect(batch(remarks) && { ...batch(remarks), feedback: batch(remarks)?.feedback.map(({ id }) => id) }).toEqual(feedback && { feedback, ignored })
})

test('what was taken in before is not new', () => {
  expect(batch([remark(), onLine()], ['comment:1'])).toMatchObject({ feedback: [{ id: 'line:2' }], ignored: [] })
})

test('the attempt reads who said it, where, and the lines it is about', () => {
  expect(batch([onLine({ text: ' Use let. ' })])?.feedback[0]?.text).toBe('@ada on src/a.ts:7:\n\n@@ -1 +1 @@\n+const a = 1\n\nUse let.')
  expect(batch([review({ text: 'No.', verdict: 'changes-requested' })])?.feedback[0]?.text).toBe('@ada requested changes:\n\nNo.')
})

test('who may write is asked once each, and not about programs or what is known', () => {
  expect(
    newAuthors(
      [remark(), remark({ id: 'comment:5' }), remark({ id: 'comment:6', by: 'ci', isBot: true }), remark({ id: 'comment:7', by: 'bob' })],
      ['comment:7'],
    ),
  ).toEqual(['ada'])
})
