import type { Task } from '#shared/model/task.ts'
import type { Scenario, ScenarioContext } from './scenario.ts'
import { must } from '#shared/lib/must.ts'
import { inbox } from '#shared/task/inbox.ts'
import { STALL_LIMITS_MS } from '#shared/task/wait.ts'
import { MAX_WRITES_PER_HEAD } from '../../runner/reconcile/poll-state.ts'
import { actOnce, addCheck, afterPasses, answerFiles, bad, CI, good, inState, lastCommit, pull, unchanged, when, whenReady } from './scenario.ts'

const OTHER = '.github/workflows/other.yml'
const DRAFTS = 'if: "!github.event.pull_request.draft"'
const NO_EDITS = 'if: github.event.action != \'edited\' && github.event.action != \'labeled\''
const HANGS_WHEN_LABELED = `'[ "\${{ github.event.action }}" != labeled ] || sleep 600'`
const READ_ANSWER = 'grep -q good answer.txt'

/** A workflow for pull requests with one job. `condition`: its line `if: …`, or nothing. */
function triggered(name: string, types: string, condition: string, run: string): string {
  return `name: ${name}
on:
  pull_request:
    types: [${types}]
jobs:
  ${name.toLowerCase()}:
    runs-on: ubuntu-latest
${condition === '' ? '' : `    ${condition}\n`}    steps:
      - uses: actions/checkout@v5
      - run: ${run}
`
}

/** The number of runs of the newest commit, and of edits of the pull request for it. */
async function costs(context: ScenarioContext) {
  const head = await lastCommit(context)
  const edits = pull(context)?.edits.get(head) ?? 0
  const runs = context.github.workflowRuns(context.repository).filter(({ sha }) => sha === head).length
  return { runs, edits, isBounded: edits <= MAX_WRITES_PER_HEAD }
}

function isGreen({ state }: Task): boolean {
  return state.status === 'in_review' && state.ci === 'passed'
}

function green({ harness }: ScenarioContext): number {
  return harness.announcements.filter(text => text.startsWith('CI is green')).length
}

/** Runs that edits, labels, new titles and leaving the draft start, and checks that wait for somebody. */
export const triggerScenarios: Scenario[] = [
  {
    name: 'a failed job that is skipped in the runs of edits, labels and titles stays failed until it passes',
    files: {
      ...answerFiles,
      [CI]: triggered('Test', 'opened, synchronize, edited, labeled', NO_EDITS, READ_ANSWER),
      [OTHER]: triggered('Always', 'opened, synchronize, edited, labeled', '', '"true"'),
    },
    attempts: { implement: [bad], fix: [unchanged, good] },
    people: actOnce({
      label: inState('fixing', ({ github, repository }) => github.label(repository, 1, 'urgent')),
      title: inState('fixing', ({ github, repository }) => github.retitle(repository, 1, 'A better title')),
    }),
    endsWhen: isGreen,
    inspect: async (context) => {
      const head = await lastCommit(context)
      const skipped = context.github.workflowRuns(context.repository)
        .filter(({ name, conclusion, sha }) => name === 'Test' && conclusion === 'skipped' && sha !== head)
      return { fixes: context.harness.task().fixes, green: green(context), someWereSkipped: skipped.length >= 3 }
    },
    expected: { fixes: 2, green: 1, someWereSkipped: true },
  },
  {
    name: 'runs that mainloop\'s own description starts are not waited for, and one good commit is written to once',
    files: { ...answerFiles, [CI]: triggered('Test', 'opened, edited, synchronize, reopened', '', READ_ANSWER) },
    attempts: { implement: [good] },
    people: actOnce({ ready: whenReady(() => undefined), later: afterPasses(15) }),
    endsWhen: isGreen,
    inspect: async (context) => {
      const task = context.harness.task()
      const kinds = inbox([task], [], Date.now()).map(({ kind }) => kind)
      return { ...await costs(context), green: green(context), draft: pull(context)?.draft, inbox: kinds }
    },
    expected: { runs: 2, edits: 1, isBounded: true, green: 1, draft: false, inbox: ['review'] },
  },
  {
    name: 'a run that is cancelled does not fail the commit that an older run passed',
    files: {
      ...answerFiles,
      [CI]: triggered('Test', 'opened, synchronize, labeled', '', HANGS_WHEN_LABELED),
    },
    attempts: { implement: [good] },
    people: actOnce({
      cancel: whenReady(async ({ github, repository }) => {
        await github.label(repository, 1, 'again')
        const last = () => must(github.workflowRuns(repository).at(-1), 'a run')
        while (last().status !== 'in_progress')
          await github.nextChange()
        await github.cancelRun(last().id)
      }),
      later: afterPasses(5),
    }),
    endsWhen: isGreen,
    inspect: ({ harness, github, repository }) => ({
      fixes: harness.task().fixes,
      runs: github.workflowRuns(repository).map(({ conclusion }) => conclusion),
    }),
    expected: { fixes: 0, runs: ['success', 'cancelled'] },
  },
  {
    name: 'jobs that skip drafts are not green; the person marks the pull request ready, and what they say counts',
    files: {
      ...answerFiles,
      [CI]: triggered('Test', 'opened, synchronize, ready_for_review', DRAFTS, READ_ANSWER),
      [OTHER]: triggered('Title', 'opened, synchronize', '', '"true"'),
    },
    attempts: { implement: [bad], fix: [good] },
    people: actOnce({
      ready: inState('in_review', ({ harness }) => {
        const head = must(harness.task().heads.at(-1), 'a head')
        return harness.dispatch({ kind: 'mark-ready', expectedHead: head })
      }),
    }),
    endsWhen: isGreen,
    inspect: ({ harness }) => ({
      fixes: harness.task().fixes,
      said: harness.announcements.filter(text => /drafts|marked ready|green/.test(text)).map(text => text.split('.')[0]),
    }),
    expected: {
      fixes: 1,
      said: [
        'CI skips drafts, so nothing has verified Test / test',
        'The pull request is marked ready; what CI says about it counts',
        'CI is green: 2 checks passed',
      ],
    },
  },
  {
    name: 'a check that stays queued for ever comes into the inbox by name, and the person can go on without it',
    files: answerFiles,
    attempts: { implement: [good] },
    people: actOnce({
      queue: inState('checking', addCheck({ app: 'tide', name: 'tide', conclusion: null, queued: true })),
      stall: when(
        ({ harness }) => stalled(harness.task()).some(why => why?.startsWith('Still pending: tide (queued: no runner has taken it yet). ')),
        ({ harness }) => harness.dispatch({ kind: 'mark-ready', expectedHead: must(harness.task().heads.at(-1), 'a head') }),
      ),
      ready: when(context => pull(context)?.draft === false, () => undefined),
      later: afterPasses(3),
    }),
    endsWhen: 'in_review',
    inspect: ({ harness }) => {
      const { state } = harness.task()
      return state.status === 'in_review' ? { ci: state.ci, ready: state.ready, waiting: state.waiting } : state
    },
    expected: { ci: 'pending', ready: true, waiting: ['tide (queued: no runner has taken it yet)'] },
  },
]

/** The reasons in the inbox when the limit has passed, if nothing changes until then. */
function stalled(task: Task) {
  return inbox([task], [], Date.now() + STALL_LIMITS_MS.pending).map(({ why }) => why)
}
