import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { JOB_MARKER } from './clean-env.ts'
import { identityOf, killProcessesOf, processesOf, readPs } from './processes.ts'

const FOLDER = `/a/folder/of/a/job/of/${process.pid}`

/** Starts a process in a session of its own with a child in yet another session, whose pid it prints. */
async function startFamily(folder: string) {
  const script = [
    'const { spawn } = require("node:child_process")',
    'const child = spawn("sleep", ["60"], { detached: true, stdio: "ignore" })',
    'child.unref()',
    'console.log(child.pid)',
    'setInterval(() => {}, 1000)',
  ].join(';')
  const parent = spawn(process.execPath, ['-e', script], { detached: true, env: { ...process.env, [JOB_MARKER]: folder }, stdio: ['ignore', 'pipe', 'ignore'] })
  const [pid] = await once(parent.stdout, 'data')
  return { parent: must(parent.pid, 'a pid'), orphan: Number(String(pid)), exited: once(parent, 'exit') }
}

test('two processes differ in their identity', () => {
  expect(identityOf(process.pid)).toBe(identityOf(process.pid))
  expect(identityOf(process.ppid)).not.toBe(identityOf(process.pid))
  expect(identityOf(2 ** 22 + 1)).toBeNull()
})

test('ps reports the parent and a start time of a process', () => {
  expect(readPs(['-p', String(process.pid)])).toMatchObject([{ pid: process.pid, parent: process.ppid, identity: expect.stringMatching(/\d\d:\d\d:\d\d/) }])
  expect(readPs(['-p', String(2 ** 22 + 1)])).toEqual([])
})

test.runIf(process.platform === 'linux')('orphans of a Job are found and killed', async () => {
  const { parent, orphan, exited } = await startFamily(FOLDER)
  expect(processesOf(FOLDER).sort()).toEqual([parent, orphan].sort())
  process.kill(parent, 'SIGKILL')
  await exited
  expect(processesOf(FOLDER)).toEqual([orphan])
  await killProcessesOf(FOLDER)
  expect([processesOf(FOLDER), identityOf(orphan)]).toEqual([[], null])
})

test('descendants of a root are killed, and those of another Job are not', async () => {
  const [mine, theirs] = await Promise.all([startFamily('/one'), startFamily('/other')])
  expect(processesOf('/none', [mine.parent]).sort()).toEqual([mine.parent, mine.orphan].sort())
  await killProcessesOf('/one', { roots: [mine.parent] })
  expect(identityOf(theirs.parent)).not.toBeNull()
  await killProcessesOf('/other', { roots: [theirs.parent] })
})
