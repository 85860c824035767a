import type { Outcome } from './outcome.ts'
import { execa } from 'execa'

/** The exit code of a check that could not look, and so neither passed nor failed. */
export const COULD_NOT_TELL = 3

/** Runs one script of package.json as one check; its output is shown in one piece, and only in full when it fails. */
export async function runStep(script: string): Promise<Outcome> {
  const begun = performance.now()
  const { exitCode, all } = await execa('npm', ['run', '--silent', script], { all: true, reject: false, env: { FORCE_COLOR: '1' } })
  const seconds = ((performance.now() - begun) / 1000).toFixed(1)
  const ok = exitCode === 0
  const unknown = exitCode === COULD_NOT_TELL
  console.log(`${ok ? '✓' : unknown ? '?' : '✗'} ${script} (${seconds} s)`)
  if (!ok || script === 'size' || script === 'audit')
    console.log(all)
  if (unknown)
    return { passed: 0, failed: 0 }
  return ok ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}
