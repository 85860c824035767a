import type { Outcome } from './outcome.ts'
import { execa } from 'execa'

/** The exit code of a check without a result, which neither passed nor failed. */
export const COULD_NOT_TELL = 3

/** Runs a script of package.json as one check. Its output is printed in one piece, and only when it failed. */
export async function runStep(script: string): Promise<Outcome> {
  const begun = performance.now()
  const options = { all: true, reject: false, env: { FORCE_COLOR: '1' } } as const
  const { exitCode, all } = await execa('npm', ['run', '--silent', script], options)
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
