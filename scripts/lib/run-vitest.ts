import type { Outcome } from './outcome.ts'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { execa } from 'execa'
import * as z from 'zod'

const fileResult = z.object({
  name: z.string(),
  status: z.string(),
  assertionResults: z.array(z.object({ status: z.string() })),
})
const report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(fileResult),
})

/** Runs the tests of these projects and counts them. Prints whole lines, because other steps print beside it. */
export async function runVitest(projects: readonly string[], files: readonly string[] = []): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'mainloop-test-'))
  const file = join(folder, 'report.json')
  const running = execa('vitest', [
    'run',
    ...files,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
    ...projects.map(name => `--project=${name}`),
    // FORCE_COLOR would reach every program that a test starts and reads.
    ...process.stdout.isTTY ? ['--color'] : [],
  ], { preferLocal: true, all: true, buffer: false, reject: false, env: { MAINLOOP_BUILT: '1' } })
  for await (const line of running.iterable({ from: 'all' }))
    console.log(line)
  const { exitCode } = await running
  const outcome = await readReport(file)
  await rm(folder, { recursive: true })
  // An error outside any test fails the run without failing a test.
  return exitCode !== 0 && outcome.failed === 0 ? { ...outcome, failed: 1 } : outcome
}

async function readReport(file: string): Promise<Outcome> {
  // Vitest stopped before it wrote a report, and has printed the reason.
  if (!existsSync(file))
    return { passed: 0, failed: 1 }
  const { numPassedTests, numFailedTests, testResults } = report.parse(JSON.parse(await readFile(file, 'utf8')))
  // A file that cannot be loaded fails without a failed test.
  const unloadable = testResults.filter(({ status, assertionResults }) =>
    status === 'failed' && !assertionResults.some(result => result.status === 'failed'))
  return { passed: numPassedTests, failed: numFailedTests + unloadable.length }
}
