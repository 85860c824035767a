import type { Scenario, ScenarioContext } from './scenario.ts'
import type { ScriptedAttempt } from './task-harness.ts'
import { inbox } from '#shared/task/inbox.ts'
import {
  actOnce,
  addCheck,
  addStatus,
  answerFiles,
  bad,
  CI,
  excerpts,
  good,
  inState,
  lastCommit,
  LINT,
  pull,
  TYPES,
  unchanged,
  USAGE,
  whenReady,
  workflow,
} from './scenario.ts'

/** Results of CI, and how the task continues after each. */
export const ciScenarios: Scenario[] = [
  {
    name: 'CI that passes at once makes the pull request ready, with one summary',
    files: answerFiles,
    attempts: { implement: [good] },
    people: actOnce({ wait: whenReady(() => undefined) }),
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
    files: answerFiles,
    attempts: { implement: [bad], fix: [good] },
    endsWhen: 'in_review',
    inspect: context => ({ fixes: context.harness.task().fixes, log: /> Run grep -q good/.test(excerpts(context)), diff: excerpts(context).includes('+bad') }),
    expected: { fixes: 1, log: true, diff: true },
  },
  {
    name: 'two failing jobs get one fix with the logs of both',
    files: { [CI]: workflow(['lint', 'grep -q good lint.txt'], ['types', 'grep -q good types.txt']), 'lint.txt': '', 'types.txt': '' },
    attempts: { implement: [{ publish: { 'lint.txt': 'bad\n', 'types.txt': 'bad\n' } }], fix: [{ publish: { 'lint.txt': 'good\n', 'types.txt': 'good\n' } }] },
    endsWhen: 'in_review',
    inspect: context => ({ fixes: context.harness.task().fixes, both: excerpts(context).includes('CI / lint') && excerpts(context).includes('CI / types') }),
    expected: { fixes: 1, both: true },
  },
  {
    name: 'a lint error is fixed from the linter\'s output',
    files: { [CI]: workflow(['lint', LINT]), 'answer.js': '' },
    attempts: { implement: [{ publish: { 'answer.js': 'const answer = 42\n' } }], fix: [{ publish: { 'answer.js': 'export const answer = 42\n' } }] },
    endsWhen: 'in_review',
    inspect: context => ({ fixes: context.harness.task().fixes, log: excerpts(context).includes('no-unused-vars') }),
    expected: { fixes: 1, log: true },
  },
  {
    name: 'a type error is fixed from the compiler\'s output',
    files: { [CI]: workflow(['types', TYPES]), 'answer.ts': '' },
    attempts: {
      implement: [{ publish: { 'answer.ts': 'export const answer: number = "42"\n' } }],
      fix: [{ publish: { 'answer.ts': 'export const answer: number = 42\n' } }],
    },
    endsWhen: 'in_review',
    inspect: context => ({ fixes: context.harness.task().fixes, log: excerpts(context).includes('TS2322') }),
    expected: { fixes: 1, log: true },
  },
  {
    name: 'a failed commit status is fixed from its description',
    files: { 'answer.txt': '' },
    attempts: { implement: [good], fix: [{ publish: { 'answer.txt': 'better\n' } }] },
    people: actOnce({
      red: inState('in_review', addStatus({ context: 'ci/old', state: 'failure', description: '3 of 90 tests failed' })),
      fixed: inState('fixing', () => undefined),
      green: inState('in_review', addStatus({ context: 'ci/old', state: 'success' })),
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
    name: 'after five failed fixes the person is asked, and a retry grants five more',
    files: answerFiles,
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
    name: 'a flaky check that passes when it runs again is not fixed a second time',
    files: { 'answer.txt': '' },
    attempts: { implement: [good], fix: [unchanged] },
    people: actOnce({
      red: inState('in_review', addCheck({ app: 'flaky', name: 'e2e', conclusion: 'failure', title: 'Flaked' })),
      rerun: inState('fixing', addCheck({ app: 'flaky', name: 'e2e', conclusion: 'success' })),
    }),
    endsWhen: task => task.state.status === 'in_review' && task.state.ci === 'passed',
    inspect: ({ harness }) => ({ fixes: harness.task().fixes, flags: harness.task().flags }),
    expected: { fixes: 1, flags: ['Fix 1 of 5 changed nothing: e2e did not pass (1 of 1)'] },
  },
  {
    name: 'a check that timed out is a failure with the app\'s own title',
    files: { 'answer.txt': '' },
    attempts: { implement: [good], fix: [{ publish: { 'answer.txt': 'better\n' } }] },
    people: actOnce({
      slow: inState('in_review', addCheck({ app: 'slow', name: 'load', conclusion: 'timed_out', title: 'Took longer than 10 minutes' })),
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
        for (let n = 0; n < 400; n++)
          await context.github.addCheck(context.repository, { sha, app: 'matrix', name: `row ${n}`, conclusion: 'success' })
      }),
    }),
    endsWhen: task => task.state.status === 'in_review' && task.state.ci === 'passed',
    inspect: ({ harness }) => harness.announcements.at(-1),
    expected: 'CI is green: 400 checks passed. The pull request is ready for you.',
  },
  {
    name: 'a CI of commit statuses alone can be green',
    files: { 'answer.txt': '' },
    attempts: { implement: [good] },
    people: actOnce({
      status: inState('in_review', addStatus({ context: 'ci/old', state: 'success' })),
    }),
    endsWhen: task => task.state.status === 'in_review' && task.state.ci === 'passed',
  },
  {
    name: 'a pull request without CI is reported as unverified and stays a draft',
    files: { 'answer.txt': '' },
    attempts: { implement: [good] },
    endsWhen: 'in_review',
    inspect: context => ({
      ci: context.harness.announcements.at(-1),
      draft: pull(context)?.draft,
      inbox: inbox([context.harness.task()], [], Date.now()).map(({ kind }) => kind),
    }),
    expected: { ci: 'No CI ran on the pull request, so nothing was verified. It waits for you as a draft.', draft: true, inbox: ['unverified'] },
  },
  {
    name: 'a required check that nobody reports is waited for by name',
    files: answerFiles,
    requiredChecks: ['security'],
    attempts: { implement: [good] },
    endsWhen: task => task.state.status === 'checking' && task.state.pending.join() === 'security (required, not reported yet)',
  },
  {
    name: 'a base that moved without a conflict needs no fix',
    files: answerFiles,
    attempts: { implement: [good] },
    people: actOnce({ move: inState('checking', ({ github, repository }) => github.commit(repository, 'main', { 'other.txt': 'moved\n' })) }),
    endsWhen: 'in_review',
    inspect: ({ harness }) => harness.task().fixes,
    expected: 0,
  },
  {
    name: 'a conflict with the base is a failure of its own kind',
    files: answerFiles,
    attempts: { implement: [good], fix: [unchanged] },
    people: actOnce({ move: inState('in_review', ({ github, repository }) => github.commit(repository, 'main', { 'answer.txt': 'another\n' })) }),
    endsWhen: task => task.history.length === 2,
    inspect: context => excerpts(context).includes('conflicts with its base'),
    expected: true,
  },
  {
    name: 'a resolved conflict is green again',
    files: answerFiles,
    attempts: { implement: [good], fix: [{ publish: { 'answer.txt': 'good, and another\n' }, merging: 'main' }] },
    people: actOnce({ move: inState('in_review', ({ github, repository }) => github.commit(repository, 'main', { 'answer.txt': 'another\n' })) }),
    endsWhen: task => task.fixes === 1 && task.state.status === 'in_review' && task.state.ci === 'passed',
    inspect: context => context.harness.task().history.at(-1)?.cause,
    expected: 'the branch conflicts with main',
  },
  {
    name: 'a usage limit pauses the task, which continues after a retry',
    files: answerFiles,
    attempts: { implement: [{ end: { outcome: 'limited', until: 1, why: 'The limit was reached.', usage: USAGE } }, good] },
    people: actOnce({ on: inState('paused', ({ harness }) => harness.dispatch({ kind: 'retry' })) }),
    endsWhen: 'in_review',
  },
  {
    name: 'a push by a person becomes the head that is checked',
    files: answerFiles,
    attempts: { implement: [good] },
    people: actOnce({
      push: inState('in_review', async context =>
        context.github.commit(context.repository, context.harness.task().branch ?? '', { 'answer.txt': 'good, by hand\n' })),
    }),
    endsWhen: task => task.heads.length === 2 && task.state.status === 'in_review',
    inspect: ({ harness }) => ({ fixes: harness.task().fixes, announced: harness.announcements.filter(text => text.startsWith('Somebody pushed')).length }),
    expected: { fixes: 0, announced: 1 },
  },
]

/** The text below "Checks" in the pull request, without the commit. */
function ciText(context: ScenarioContext): string | undefined {
  return /### Checks\n\n(.*)\n/.exec(pull(context)?.body ?? '')?.[1]?.replace(/ on [\da-f]{7}/, '')
}
