import type { Device } from './harness/device.ts'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { useSystem } from './harness/spec.ts'
import { EVENTS, outcome, startSampleTask, taskInReview } from './harness/task-journey.ts'

const system = useSystem('kill')
let device: Device

beforeAll(async () => {
  device = await system().device('laptop')
})

test('the runner killed between each pair of its steps: the same end as if nothing had happened', async () => {
  const deaths = join(system().log.folder, 'deaths.txt')
  system().runner.startMortal(deaths)
  await startSampleTask(device)
  await taskInReview(system(), device, 240_000)

  expect(await outcome(system(), device)).toEqual({
    status: 'in_review',
    attempts: ['implement: published', 'fix: published'],
    pulls: [{ state: 'open', draft: false, branch: true }],
    commits: 2,
    events: EVENTS,
  })
  // It really died, at many different places.
  expect((await readFile(deaths, 'utf8')).trim().split('\n').length).toBeGreaterThan(8)
})
