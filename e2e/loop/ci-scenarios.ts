import type { Scenario, ScenarioContext } from './scenario.ts'
import type { ScriptedAttempt } from './task-harness.ts'
import { inbox } from '#shared/task/inbox.ts'
import { actOnce, bad, CI, excerpts, fileSaysGood, good, inState, lastCommit, LINT, pull, TYPES, unchanged, USAGE, whenReady, workflow } from './scenario.ts'

/** What checks say, and what becomes of it. */
export const ciScenarios: Scenario[] = [
  {
    name: 'green at once: ready, with one summary',
    files: fileSaysGood,
    attempts: { implement: [good] },
    people: actOnce({ look: whenReady(() => undefined) }),
    endsWhen: 'in_review',
    inspect: context => ({
      draft: pull(context)?.draft,
      checked: ciText(context),
      comments: pull(context)?.comments.map(({ body }) => body.split('\n')[1]?.slice(0, 11)),
    }),
    expected: { draft: false, checked: 'CI is green: 1 check passed.', comments: ['CI is green'] },
  },
  {
    name: 'a failing test is fixed from its log',
    files: fileSaysGood,
    attempts: { implement: [bad], fix: [good] },
    endsWhen: 'in_review',
    inspect: context => ({ fixes: context.harness.task().fixes, log: /> Run grep -q good/.test(excerpts(context)), diff: excerpts(context).includes('+bad') }),
    expected: { fixes: 1, log: true, diff: true },
  },
  {
    name: 'two failing jobs are one fix that sees both',
    files: { [CI]: workflow(['lint', 'grep -q good lint.txt'], ['types', 'grep -q good types.txt']), 'lint.txt': '', 'types.txt': '' },
    attempts: { implement: [{ publish: { 'lint.txt': 'bad\n', 'types.txt': 'bad\n' } }], fix: [{ publish: { 'lint.txt': 'good\n', 'types.txt': 'good\n' } }] },
    endsWhen: 'in_review',
    inspect: context => ({ fixes: context.harness.task().fixes, both: excerpts(context).includes('CI / lint') && excerpts(context).includes('CI / types') }),
    expected: { fixes: 1, both: true },
  },
  {
    name: 'a lint error is fixed from what the linter said',
    files: { [CI]: workflow(['lint', LINT]), 'answer.js': '' },
    attempts: { implement: [{ publish: { 'answer.js': 'const answer = 42\n' } }], fix: [{ publish: { 'answer.js': 'export const answer = 42\n' } }] },
    endsWhen: 'in_review',
    inspect: context => ({ fixes: context.harness.task().fixes, said: excerpts(context).includes('no-unused-vars') }),
    expected: { fixes: 1, said: true },
  },
  {
    name: 'a type error is fixed from what the compiler said',
    files: { [CI]: workflow(['types', TYPES]), 'answer.ts': '' },
    attempts: {
      implement: [{ publish: { 'answer.ts': 'export const answer: number = "42"\n' } }],
      fix: [{ publish: { 'answer.ts': 'export const answer: number = 42\n' } }],
    },
    endsWhen: 'in_review',
    inspect: context => ({ fixes: context.harness.task().fixes, said: excerpts(context).includes('TS2322') }),
    expected: { fixes: 1, said: true },
  },
  {
    name: 'a CI of statuses alone that fails is fixed from its own words',
    files: { 'answer.txt': '' },
    attempts: { implement: [good], fix: [{ publish: { 'answer.txt': 'better\n' } }] },
    people: actOnce({
      red: inState('in_review', async context =>
        context.github.addStatus(context.repository, {
          sha: await lastCommit(context),
          context: 'ci/old',
          state: 'failure',
          description: '3 of 90 tests failed',
        })),
      fixed: inState('fixing', () => undefined),
      green: inState('in_review', async context =>
        context.github.addStatus(context.repository, { sha: await lastCommit(context), context: 'ci/old', state: 'success' })),
    }),
    endsWhen: task => task.fixes === 1 && task.state.status === 'in_review' && task.state.ci === 'passed',
    inspect: context => excerpts(context).includes('3 of 90 tests failed'),
    expected: true,
  },
  {
    name: 'a broken workflow file is a failure that names the file',
    files: { 'answer.txt': '' },
    attempts: {
      implement: [{ publish: { [CI]: 'on: push\njobs:\n  a:\n    steps: [{ foo: 1 }]\n' } }],
      fix: [{ publish: { [CI]: workflow(['test', '"true"']) } }],
    },
    endsWhen: 'in_review',
    inspect: context => excerpts(context).includes('ci.yml is probably not valid'),
    expected: true,
  },
  {
    name: 'five failed fixes: the person is asked, and a retry grants five more',
    files: fileSaysGood,
    attempts: { implement: [bad], fix: [1, 2, 3, 4, 5].map((n): ScriptedAttempt => ({ publish: { 'answer.txt': `bad ${n}\n` } })).concat(good) },
    people: actOnce({ retry: inState('failed', ({ harness }) => harness.dispatch({ kind: 'retry' })) }),
    endsWhen: 'in_review',
    inspect: ({ harness }) => ({
      fixes: harness.task().fixes,
      asked: harness.announcements.filter(text => text.includes('CI still fails after 5 fixes')).length,
    }),
    expected: { fixes: 6, asked: 1 },
  },
  {
    name: 'a flaky test that somebody runs again is not fixed a second time',
    files: { 'answer.txt': '' },
    attempts: { implement: [good], fix: [unchanged] },
    people: actOnce({
      red: inState('in_review', async context =>
        context.github.addCheck(context.repository, { sha: await lastCommit(context), app: 'flaky', name: 'e2e', conclusion: 'failure', title: 'Flaked' })),
      rerun: inState('fixing', async context =>
        context.github.addCheck(context.repository, { sha: await lastCommit(context), app: 'flaky', name: 'e2e', conclusion: 'success' })),
    }),
    endsWhen: task => task.state.status === 'in_review' && task.state.ci === 'passed',
    inspect: ({ harness }) => ({ fixes: harness.task().fixes, flags: harness.task().flags }),
    expected: { fixes: 1, flags: ['Fix 1 of 5 changed nothing: e2e did not pass (1 of 1)'] },
  },
  {
    name: 'a check that timed out is a failure with the app\'s own words',
    files: { 'answer.txt': '' },
    attempts: { implement: [good], fix: [{ publish: { 'answer.txt': 'better\n' } }] },
    people: actOnce({
      slow: inState('in_review', async context =>
        context.github.addCheck(context.repository, {
          sha: await lastCommit(context),
          app: 'slow',
          name: 'load',
          conclusion: 'timed_out',
          title: 'Took longer than 10 minutes',
        })),
    }),
    endsWhen: task => task.fixes === 1 && task.state.status === 'in_review',
    inspect: context => excerpts(context).includes('Took longer than 10 minutes'),
    expected: true,
  },
  {
    name: 'four hundred checks over several pages are all counted',
    files: { 'answer.txt': '' },
    attempts: { implement: [good] },
    people: actOnce({
      checks: inState('in_review', async (context) => {
        const sha = await lastCommit(context)
        for (let n = 0; n < 400; n++) context.github.addCheck(context.repository, { sha, app: 'matrix', name: `row ${n}`, conclusion: 'success' })
      }),
    }),
    endsWhen: task => task.state.status === 'in_review' && task.state.ci === 'passed',
    inspect: ({ harness }) => harness.announcements.at(-1),
    expected: 'CI is green: 400 checks passed. The pull request is ready for you.',
  },
  {
    name: 'a CI of statuses alone is green',
    files: { 'answer.txt': '' },
    attempts: { implement: [good] },
    people: actOnce({
      status: inState('in_review', async context =>
        context.github.addStatus(context.repository, { sha: await lastCommit(context), context: 'ci/old', state: 'success' })),
    }),
    endsWhen: task => task.state.status === 'in_review' && task.state.ci === 'passed',
  },
  {
    name: 'no CI is said, not called green, and the pull request stays a draft',
    files: { 'answer.txt': '' },
    attempts: { implement: [good] },
    endsWhen: 'in_review',
    inspect: context => ({
      ci: context.harness.announcements.at(-1),
      draft: pull(context)?.draft,
      inbox: inbox([context.harness.task()]).map(({ kind }) => kind),
    }),
    expected: { ci: 'No CI ran on the pull request, so nothing was verified. It waits for you as a draft.', draft: true, inbox: ['unverified'] },
  },
  {
    name: 'a required check that nobody reports is waited for by name',
    files: fileSaysGood,
    requiredChecks: ['security'],
    attempts: { implement: [good] },
    endsWhen: task => task.state.status === 'checking' && task.state.pending.join() === 'security (required, not reported yet)',
  },
  {
    name: 'a base that moved without touching the same lines is no trouble',
    files: fileSaysGood,
    attempts: { implement: [good] },
    people: actOnce({ move: inState('checking', ({ github, repository }) => github.commit(repository, 'main', { 'other.txt': 'moved\n' })) }),
    endsWhen: 'in_review',
    inspect: ({ harness }) => harness.task().fixes,
    expected: 0,
  },
  {
    name: 'a conflict with the base is a failure of its own kind',
    files: fileSaysGood,
    attempts: { implement: [good], fix: [unchanged] },
    people: actOnce({ move: inState('in_review', ({ github, repository }) => github.commit(repository, 'main', { 'answer.txt': 'another\n' })) }),
    endsWhen: task => task.history.length === 2,
    inspect: context => excerpts(context).includes('conflicts with its base'),
    expected: true,
  },
  {
    name: 'a conflict that is resolved is green again',
    files: fileSaysGood,
    attempts: { implement: [good], fix: [{ publish: { 'answer.txt': 'good, and another\n' }, merging: 'main' }] },
    people: actOnce({ move: inState('in_review', ({ github, repository }) => github.commit(repository, 'main', { 'answer.txt': 'another\n' })) }),
    endsWhen: task => task.fixes === 1 && task.state.status === 'in_review' && task.state.ci === 'passed',
    inspect: context => context.harness.task().history.at(-1)?.cause,
    expected: 'the branch conflicts with main',
  },
  {
    name: 'a usage limit in the middle pauses the task, and it goes on',
    files: fileSaysGood,
    attempts: { implement: [{ end: { outcome: 'limited', until: 1, why: 'The limit was reached.', usage: USAGE } }, good] },
    people: actOnce({ on: inState('paused', ({ harness }) => harness.dispatch({ kind: 'retry' })) }),
    endsWhen: 'in_review',
  },
  {
    name: 'a push by a person is what counts from then on',
    files: fileSaysGood,
    attempts: { implement: [good] },
    people: actOnce({
      push: inState('in_review', async context =>
        context.github.commit(context.repository, context.harness.task().branch ?? '', { 'answer.txt': 'good, by hand\n' })),
    }),
    endsWhen: task => task.heads.length === 2 && task.state.status === 'in_review',
    inspect: ({ harness }) => ({ fixes: harness.task().fixes, said: harness.announcements.filter(text => text.startsWith('Somebody pushed')).length }),
    expected: { fixes: 0, said: 1 },
  },
]

/** What the pull request says about how it was checked, without the commit. */
function ciText(context: ScenarioContext): string | undefined {
  return /### Checks\n\n(.*)\n/.exec(pull(context)?.body ?? '')?.[1]?.replace(/ on [\da-f]{7}/, '')
}
