import type { Device } from '../harness/device.ts'
import type { TestNamespaces } from './test-namespaces.ts'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { waitUntil } from '../../scripts/lib/wait-until.ts'
import { sample } from '../fakes/sample.ts'
import { visibleText } from '../harness/device.ts'
import { EXPECTED_PLANNED_EVENTS, startSampleTask, taskOutcome, waitForReview, waitForStatus } from '../harness/sample-task.ts'
import { useSystem } from '../harness/use-system.ts'
import { deployRunner } from './deploy-runner.ts'
import { openTestNamespaces } from './test-namespaces.ts'

const access = inject('cluster')

describe.skipIf(access === null)('a task in pods of our own image, with the runner in a pod too', () => {
  let namespaces: TestNamespaces
  beforeAll(async () => {
    namespaces = await openTestNamespaces(must(access, 'a cluster'))
  })
  afterAll(() => namespaces.close())
  const system = useSystem('kubernetes', () => ({ host: namespaces.hostAddress }))
  let device: Device
  let runner: Awaited<ReturnType<typeof deployRunner>>

  test('the Deployment that we ship connects to the edge', async () => {
    const { fakes, edge, runnerToken } = system()
    runner = await deployRunner(must(access, 'a cluster'), namespaces, {
      ...fakes.runnerEnvironment,
      RUNNER_TOKEN: runnerToken,
      MAINLOOP_EDGE: edge.url.replace('localhost', namespaces.hostAddress),
      MAINLOOP_POLL_SECONDS: '0.3',
      MAINLOOP_QUIET_SECONDS: '1',
    })
    await runner.ready()
    await waitUntil('the runner to be connected', async () => /onnected/.test(await runner.logs()))
    device = await system().device('laptop')
  })

  test('a worker in a pod makes a plan, which waits for the person', async () => {
    await startSampleTask(device, device, { planFirst: true })
    await waitForStatus('plan_review', device)
    await visibleText(device.page, 'The plan can be discussed in issue #1.').waitFor()
    await device.page.getByRole('button', { name: 'Approve plan' }).first().click()
  })

  test('the task ends as it does with processes although the runner is killed in each phase', async () => {
    for (const status of ['implementing', 'fixing'] as const) {
      await waitForStatus(status, device)
      await runner.kill()
    }
    await waitForReview(system(), device)
    expect(await taskOutcome(system(), device)).toEqual({
      status: 'in_review',
      attempts: ['plan: planned', 'implement: published', 'fix: published'],
      events: EXPECTED_PLANNED_EVENTS,
      pulls: [{ state: 'open', draft: false, branch: true }],
      commits: 2,
    })
  })

  test('a merge leaves nothing of the task in the cluster', async () => {
    await system().fakes.github.merge(sample.repository, 2)
    await waitForStatus('merged', device)
    await waitUntil('the cluster to be empty', async () => await namespaces.kubectl('get', 'jobs,pods', '-o', 'name') === '')
    expect(await namespaces.kubectl('get', 'secrets', '-l', 'app.kubernetes.io/name=mainloop-worker', '-o', 'name')).toBe('')
  })

  test('the runner logged no error, and stops when it is scaled down', async () => {
    expect(await runner.logs()).not.toMatch(/"level":(?:50|60|"error"|"fatal")/)
    await runner.stop()
  })
})
