import type { Options } from 'execa'
import { execa } from 'execa'
import { UserError } from './user-error.ts'

/**
 * Runs a program that the person has to install, and returns its output. Throws a `UserError` when it fails, or with
 * the sentence `install` when it is missing.
 */
export async function runTool(
  install: string,
  file: string,
  args: readonly string[],
  options: Options = {},
): Promise<string> {
  const { failed, code, exitCode, stdout, stderr } = await execa(file, args, { ...options, reject: false })
  if (code === 'ENOENT')
    throw new UserError(`This needs ${file}, which is not installed. ${install}`)
  if (failed) {
    const exit = exitCode === undefined ? '' : ` (exit code ${exitCode})`
    throw new UserError(`${file} ${args[0]} failed${exit}.\n${typeof stderr === 'string' ? stderr.trim() : ''}`.trim())
  }
  return typeof stdout === 'string' ? stdout : ''
}
