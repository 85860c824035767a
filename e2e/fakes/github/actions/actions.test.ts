import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { failure, files, firstAttempt, fix, REPOSITORY, toFiles } from '../../sample-repository.ts'
import { startFakeGitHub } from '../fake-github.ts'

const github = await startFakeGitHub()
const NAME = 'octo/flow'

beforeAll(async () => {
  await github.seed(NAME, { 'README.md': '# Flow\n' })
  await github.seed(REPOSITORY, files)
})

afterAll(() => github.close())

/** Pushes a workflow to a branch of its own, waits until nothing runs, and returns the branch's runs. */
async function runsOf(branch: string, workflow: string) {
  await github.commit(NAME, branch, { '.github/workflows/ci.yml': workflow })
  await github.idle()
  return github.workflowRuns(NAME).filter(run => run.branch === branch)
}

async function logOf(run: { jobs: { id: number }[] } | undefined, job = 0): Promise<string> {
  return github.jobLog(NAME, must(must(run, 'the run').jobs[job], 'the job').id)
}

function steps(...lines: string[]): string {
  return `on: push\njobs:\n  only:\n    runs-on: ubuntu-latest\n    steps:\n${lines.map(line => `      - ${line}\n`).join('')}`
}

describe('a run', () => {
  test('passes when its steps do, and its log is in Actions\' own format', async () => {
    const [run] = await runsOf('passes', steps('uses: actions/checkout@v5', 'run: cat README.md && echo "::warning::careful"'))
    expect(run).toMatchObject({
      event: 'push',
      status: 'completed',
      conclusion: 'success',
      name: '.github/workflows/ci.yml',
      jobs: [{ name: 'only', conclusion: 'success' }],
    })
    const lines = (await logOf(run)).trimEnd().split('\n')
    expect(lines.every(line => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z /.test(line))).toBe(true)
    expect(lines.map(line => line.slice(29))).toEqual(
      expect.arrayContaining([
        '##[group]Run cat README.md && echo "::warning::careful"',
        'shell: /bin/bash -e {0}',
        '##[endgroup]',
        '# Flow',
        '##[warning]careful',
      ]),
    )
  })

  test('fails with the step that failed, and skips the steps after it', async () => {
    const [run] = await runsOf('fails', steps('run: echo out; echo err >&2; exit 3', 'run: echo after', 'if: failure()\n        run: echo cleaning'))
    expect(run).toMatchObject({ conclusion: 'failure' })
    const log = await logOf(run)
    expect(log).toMatch(/Z out\n\S+ err\n\S+ ##\[error\]Process completed with exit code 3\./)
    expect(log).not.toContain('Z after')
    expect(log).toContain('Z cleaning')
  })

  test('sees its own environment and not that of the test', async () => {
    process.env.FAKE_TEST_SECRET = 'do not show'
    const [run] = await runsOf(
      'environment',
      `name: Env\n${steps(`name: Show\n        env: { WHERE: "\${{ github.ref_name }}", BOTH: "at \${{ github.sha }}" }\n        run: env`)}`,
    )
    delete process.env.FAKE_TEST_SECRET
    const log = await logOf(run)
    expect(run?.name).toBe('Env')
    expect(log).toContain('Z WHERE=environment')
    expect(log).toContain(`Z BOTH=at ${run?.sha}`)
    expect(log).toContain('Z CI=true')
    expect(log).not.toContain('do not show')
  })

  test('ends although a step left a process in the background', async () => {
    const [run] = await runsOf('left-behind', steps('run: sleep 600 & echo started'))
    expect(run).toMatchObject({ conclusion: 'success' })
  })

  test('runs jobs after those they need, and skips a job whose need failed', async () => {
    const job = (id: string, ...lines: string[]) => `  ${id}:\n    runs-on: ubuntu-latest\n${lines.map(line => `    ${line}\n`).join('')}`
    const last = job('last', 'needs: [broken]', 'if: always()', 'steps: [{ run: echo last }]')
    const never = job('never', 'needs: broken', 'steps: [{ run: echo never }]')
    const broken = job('broken', 'steps: [{ run: exit 1 }]')
    const [run] = await runsOf('needs', `on: push\njobs:\n${last}${never}${broken}`)
    expect(run).toMatchObject({
      conclusion: 'failure',
      jobs: [
        { name: 'last', conclusion: 'success' },
        { name: 'never', conclusion: 'skipped' },
        { name: 'broken', conclusion: 'failure' },
      ],
    })
  })

  test('of a broken workflow fails at the start and has no jobs', async () => {
    const [run] = await runsOf('broken', 'on: push\njobs:\n  a:\n    steps: [{ foo: 1 }]\n')
    expect(run).toMatchObject({ status: 'completed', conclusion: 'startup_failure', jobs: [], name: '.github/workflows/ci.yml' })
  })

  test.each([
    ['listed', 'branches: [main, "feature/**"]', 'feature/a/b', 1],
    ['not listed', 'branches: [main]', 'side', 0],
    ['ignored', 'branches-ignore: ["wip-*"]', 'wip-1', 0],
    ['excluded by a later pattern', 'branches: ["**", "!drafts/**"]', 'drafts/a', 0],
  ])('starts only for its branches: %s', async (_, filter, branch, count) => {
    const runs = await runsOf(branch, `on:\n  push:\n    ${filter}\njobs:\n  only:\n    runs-on: ubuntu-latest\n    steps: [{ run: "true" }]\n`)
    expect(runs).toHaveLength(count)
  })
})

test('the CI of the sample repository fails for the first attempt and passes for the fix', async () => {
  await github.commit(REPOSITORY, 'mainloop/countdown', toFiles(firstAttempt))
  await fetch(`${github.apiUrl}/repos/${REPOSITORY}/pulls`, {
    method: 'POST',
    headers: { 'authorization': `token ${github.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ title: 'Add a countdown', head: 'mainloop/countdown', base: 'main', draft: true }),
  })
  await github.idle()
  const [failed] = github.workflowRuns(REPOSITORY)
  expect(failed).toMatchObject({
    event: 'pull_request',
    conclusion: 'failure',
    jobs: [
      { name: 'check', conclusion: 'success' },
      { name: 'test', conclusion: 'failure' },
    ],
  })
  expect(await github.jobLog(REPOSITORY, must(failed?.jobs[1], 'test').id)).toContain(`✖ ${failure}`)

  await github.commit(REPOSITORY, 'mainloop/countdown', toFiles(fix))
  await github.idle()
  expect(github.workflowRuns(REPOSITORY).map(({ conclusion }) => conclusion)).toEqual(['failure', 'success'])
})

describe('another fake GitHub', () => {
  test('records a violation for a workflow that it cannot run', async () => {
    const own = await startFakeGitHub()
    await own.seed('octo/matrix', { a: '' })
    await own.commit('octo/matrix', 'main', {
      '.github/workflows/ci.yml':
        'on: push\njobs:\n  only:\n    runs-on: ubuntu-latest\n    strategy: { matrix: { node: [22, 24] } }\n    steps: [{ run: "true" }]\n',
    })
    expect(own.workflowRuns('octo/matrix')).toMatchObject([{ conclusion: 'startup_failure' }])
    expect(own.violations).toEqual([expect.stringContaining('strategy')])
    await own.close()
  })

  test('cancels its workflow runs when it is closed', async () => {
    const own = await startFakeGitHub()
    await own.seed('octo/hangs', { a: '' })
    const running = new Promise<void>((resolve) => {
      own.on((event) => {
        if (event.type === 'run' && event.run.status === 'in_progress')
          resolve()
      })
    })
    await own.commit('octo/hangs', 'main', { '.github/workflows/ci.yml': steps('run: sleep 600') })
    await running
    await own.close()
    expect(own.workflowRuns('octo/hangs')).toMatchObject([{ status: 'completed', conclusion: 'cancelled' }])
  })
})

test('no request or workflow above was a violation', () => {
  expect(github.violations).toEqual([])
})
