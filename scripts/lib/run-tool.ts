import type { Options } from 'execa'
import { execa } from 'execa'
import { UserError } from './user-error.ts'

/** Runs a program that the person has to have installed, and answers with what it printed. `lacking` says where to get it. */
export async function runTool(lacking: string, file: string, args: readonly string[], options: Options = {}): Promise<string> {
  const { failed, code, exitCode, stdout, stderr } = await execa(file, args, { ...options, reject: false })
  if (code === 'ENOENT')
    throw new UserError(`This needs ${file}, which is not installed. ${lacking}`)
  if (failed)
    throw new UserError(`${file} ${args[0]} failed${exitCode === undefined ? '' : ` (exit code ${exitCode})`}.\n${typeof stderr === 'string' ? stderr.trim() : ''}`.trim())
  return typeof stdout === 'string' ? stdout : ''
}
