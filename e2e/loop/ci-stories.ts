import type { Doing } from './loop-world.ts'
import type { Place, Story } from './story.ts'
import { inbox } from '#shared/model/inbox.ts'
import { bad, CI, excerpts, fileSaysGood, good, inState, lastCommit, LINT, onceEach, pull, TYPES, unchanged, USAGE, whenReady, workflow } from './story.ts'

/** What checks say, and what becomes of it. */
export const ciStories: Story[] = [
  {
    name: 'green at once: ready, with one summary',
    files: fileSaysGood,
    attempts: { implement: [good] },
    people: onceEach({ look: whenReady(() => undefined) }),
    ends: 'in_review',
    see: place => ({ draft: pull(place)?.draft, checked: ciText(place), comments: pull(place)?.comments.map(({ body }) => body.split('\n')[1]?.slice(0, 11)) }),
    expected: { draft: false, checked: 'CI is green: 1 check passed.', comments: ['CI is green'] },
  },
  {
    name: 'a failing test is fixed from its log',
    files: fileSaysGood,
    attempts: { implement: [bad], fix: [good] },
    ends: 'in_review',
    see: place => ({ fixes: place.world.task().fixes, log: /> Run grep -q good/.test(excerpts(place)), diff: excerpts(place).includes('+bad') }),
    expected: { fixes: 1, log: true, diff: true },
  },
  {
    name: 'two failing jobs are one fix that sees both',
    files: { [CI]: workflow(['lint', 'grep -q good lint.txt'], ['types', 'grep -q good types.txt']), 'lint.txt': '', 'types.txt': '' },
    attempts: { implement: [{ publish: { 'lint.txt': 'bad\n', 'types.txt': 'bad\n' } }], fix: [{ publish: { 'lint.txt': 'good\n', 'types.txt': 'good\n' } }] },
    ends: 'in_review',
    see: place => ({ fixes: place.world.task().fixes, both: excerpts(place).includes('CI / lint') && excerpts(place).includes('CI / types') }),
    expected: { fixes: 1, both: true },
  },
  {
    name: 'a lint error is fixed from what the linter said',
    files: { [CI]: workflow(['lint', LINT]), 'answer.js': '' },
    attempts: { implement: [{ publish: { 'answer.js': 'const answer = 42\n' } }], fix: [{ publish: { 'answer.js': 'export const answer = 42\n' } }] },
    ends: 'in_review',
    see: place => ({ fixes: place.world.task().fixes, said: excerpts(place).includes('no-unused-vars') }),
    expected: { fixes: 1, said: true },
  },
  {
    name: 'a type error is fixed from what the compiler said',
    files: { [CI]: workflow(['types', TYPES]), 'answer.ts': '' },
    attempts: { implement: [{ publish: { 'answer.ts': 'export const answer: number = "42"\n' } }], fix: [{ publish: { 'answer.ts': 'export const answer: number = 42\n' } }] },
    ends: 'in_review',
    see: place => ({ fixes: place.world.task().fixes, said: excerpts(place).includes('TS2322') }),
    expected: { fixes: 1, said: true },
  },
  {
    name: 'a CI of statuses alone that fails is fixed from its own words',
    files: { 'answer.txt': '' },
    attempts: { implement: [good], fix: [{ publish: { 'answer.txt': 'better\n' } }] },
    people: onceEach({
      red: inState('in_review', async place => place.github.addStatus(place.repository, { sha: await lastCommit(place), context: 'ci/old', state: 'failure', description: '3 of 90 tests failed' })),
      fixed: inState('fixing', () => undefined),
      green: inState('in_review', async place => place.github.addStatus(place.repository, { sha: await lastCommit(place), context: 'ci/old', state: 'success' })),
    }),
    ends: task => task.fixes === 1 && task.state.status === 'in_review' && task.state.ci === 'passed',
    see: place => excerpts(place).includes('3 of 90 tests failed'),
    expected: true,
  },
  {
    name: 'a broken workflow file is a failure that names the file',
    files: { 'answer.txt': '' },
    attempts: { implement: [{ publish: { [CI]: 'on: push\njobs:\n  a:\n    steps: [{ foo: 1 }]\n' } }], fix: [{ publish: { [CI]: workflow(['test', '"true"']) } }] },
    ends: 'in_review',
    see: place => excerpts(place).includes('ci.yml is probably not valid'),
    expected: true,
  },
  {
    name: 'five failed fixes: the person is asked, and a retry grants five more',
    files: fileSaysGood,
    attempts: { implement: [bad], fix: [1, 2, 3, 4, 5].map((n): Doing => ({ publish: { 'answer.txt': `bad ${n}\n` } })).concat(good) },
    people: onceEach({ retry: inState('failed', ({ world }) => world.happen({ kind: 'retry' })) }),
    ends: 'in_review',
    see: ({ world }) => ({ fixes: world.task().fixes, asked: world.announced.filter(text => text.includes('CI still fails after 5 fixes')).length }),
    expected: { fixes: 6, asked: 1 },
  },
  {
    name: 'a flaky test that somebody runs again is not fixed a second time',
    files: { 'answer.txt': '' },
    attempts: { implement: [good], fix: [unchanged] },
    people: onceEach({
      red: inState('in_review', async place => place.github.addCheck(place.repository, { sha: await lastCommit(place), app: 'flaky', name: 'e2e', conclusion: 'failure', title: 'Flaked' })),
      rerun: inState('fixing', async place => place.github.addCheck(place.repository, { sha: await lastCommit(place), app: 'flaky', name: 'e2e', conclusion: 'success' })),
    }),
    ends: task => task.state.status === 'in_review' && task.state.ci === 'passed',
    see: ({ world }) => ({ fixes: world.task().fixes, flags: world.task().flags }),
    expected: { fixes: 1, flags: ['Fix 1 of 5 changed nothing: e2e did not pass (1 of 1)'] },
  },
  {
    name: 'a check that timed out is a failure with the app\'s own words',
    files: { 'answer.txt': '' },
    attempts: { implement: [good], fix: [{ publish: { 'answer.txt': 'better\n' } }] },
    people: onceEach({
      slow: inState('in_review', async place => place.github.addCheck(place.repository, { sha: await lastCommit(place), app: 'slow', name: 'load', conclusion: 'timed_out', title: 'Took longer than 10 minutes' })),
    }),
    ends: task => task.fixes === 1 && task.state.status === 'in_review',
    see: place => excerpts(place).includes('Took longer than 10 minutes'),
    expected: true,
  },
  {
    name: 'four hundred checks over several pages are all counted',
    files: { 'answer.txt': '' },
    attempts: { implement: [good] },
    people: onceEach({
      checks: inState('in_review', async (place) => {
        const sha = await lastCommit(place)
        for (let n = 0; n < 400; n++)
          place.github.addCheck(place.repository, { sha, app: 'matrix', name: `row ${n}`, conclusion: 'success' })
      }),
    }),
    ends: task => task.state.status === 'in_review' && task.state.ci === 'passed',
    see: ({ world }) => world.announced.at(-1),
    expected: 'CI is green: 400 checks passed. The pull request is ready for you.',
  },
  {
    name: 'a CI of statuses alone is green',
    files: { 'answer.txt': '' },
    attempts: { implement: [good] },
    people: onceEach({ status: inState('in_review', async place => place.github.addStatus(place.repository, { sha: await lastCommit(place), context: 'ci/old', state: 'success' })) }),
    ends: task => task.state.status === 'in_review' && task.state.ci === 'passed',
  },
  {
    name: 'no CI is said, not called green, and the pull request stays a draft',
    files: { 'answer.txt': '' },
    attempts: { implement: [good] },
    ends: 'in_review',
    see: place => ({ ci: place.world.announced.at(-1), draft: pull(place)?.draft, inbox: inbox([place.world.task()]).map(({ kind }) => kind) }),
    expected: { ci: 'No CI ran on the pull request, so nothing was verified. It waits for you as a draft.', draft: true, inbox: ['unverified'] },
  },
  {
    name: 'a required check that nobody reports is waited for by name',
    files: fileSaysGood,
    requiredChecks: ['security'],
    attempts: { implement: [good] },
    ends: task => task.state.status === 'checking' && task.state.pending.join() === 'security (required, not reported yet)',
  },
  {
    name: 'a base that moved without touching the same lines is no trouble',
    files: fileSaysGood,
    attempts: { implement: [good] },
    people: onceEach({ move: inState('checking', ({ github, repository }) => github.commit(repository, 'main', { 'other.txt': 'moved\n' })) }),
    ends: 'in_review',
    see: ({ world }) => world.task().fixes,
    expected: 0,
  },
  {
    name: 'a conflict with the base is a failure of its own kind',
    files: fileSaysGood,
    attempts: { implement: [good], fix: [unchanged] },
    people: onceEach({ move: inState('in_review', ({ github, repository }) => github.commit(repository, 'main', { 'answer.txt': 'another\n' })) }),
    ends: task => task.history.length === 2,
    see: place => excerpts(place).includes('conflicts with its base'),
    expected: true,
  },
  {
    name: 'a conflict that is resolved is green again',
    files: fileSaysGood,
    attempts: { implement: [good], fix: [{ publish: { 'answer.txt': 'good, and another\n' }, merging: 'main' }] },
    people: onceEach({ move: inState('in_review', ({ github, repository }) => github.commit(repository, 'main', { 'answer.txt': 'another\n' })) }),
    ends: task => task.fixes === 1 && task.state.status === 'in_review' && task.state.ci === 'passed',
    see: place => place.world.task().history.at(-1)?.cause,
    expected: 'the branch conflicts with main',
  },
  {
    name: 'a usage limit in the middle pauses the task, and it goes on',
    files: fileSaysGood,
    attempts: { implement: [{ end: { outcome: 'limited', until: 1, why: 'The limit was reached.', usage: USAGE } }, good] },
    people: onceEach({ on: inState('paused', ({ world }) => world.happen({ kind: 'retry' })) }),
    ends: 'in_review',
  },
  {
    name: 'a push by a person is what counts from then on',
    files: fileSaysGood,
    attempts: { implement: [good] },
    people: onceEach({ push: inState('in_review', async place => place.github.commit(place.repository, place.world.task().branch ?? '', { 'answer.txt': 'good, by hand\n' })) }),
    ends: task => task.heads.length === 2 && task.state.status === 'in_review',
    see: ({ world }) => ({ fixes: world.task().fixes, said: world.announced.filter(text => text.startsWith('Somebody pushed')).length }),
    expected: { fixes: 0, said: 1 },
  },
]

/** What the pull request says about how it was checked, without the commit. */
function ciText(place: Place): string | undefined {
  return /### Checks\n\n(.*)\n/.exec(pull(place)?.body ?? '')?.[1]?.replace(/ on [\da-f]{7}/, '')
}
