import type { Device } from './harness/device.ts'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { EXPECTED_EVENTS, startSampleTask, taskOutcome, waitForReview } from './harness/sample-task.ts'
import { useSystem } from './harness/use-system.ts'

const system = useSystem('kill')
let device: Device

beforeAll(async () => {
  device = await system().device('laptop')
})

test('a task ends the same although the runner is killed between each pair of its steps', async () => {
  const crashes = join(system().log.folder, 'crashes.txt')
  system().runner.startCrashing(crashes)
  await startSampleTask(device)
  await waitForReview(system(), device)

  expect(await taskOutcome(system(), device)).toEqual({
    status: 'in_review',
    attempts: ['implement: published', 'fix: published'],
    pulls: [{ state: 'open', draft: false, branch: true }],
    commits: 2,
    events: EXPECTED_EVENTS,
  })
  // Proves that the runner died, and at many different steps.
  expect((await readFile(crashes, 'utf8')).trim().split('\n').length).toBeGreaterThan(8)
})
