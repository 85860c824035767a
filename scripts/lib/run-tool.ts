import type { Options } from 'execa'
import { execa } from 'execa'
import { Missing } from './missing.ts'

/** Runs a program that the person has to have installed, and answers with what it printed. `lacking` says where to get it. */
export async function runTool(lacking: string, file: string, args: readonly string[], options: Options = {}): Promise<string> {
  const { failed, code, exitCode, stdout, stderr } = await execa(file, args, { ...options, reject: false })
  if (code === 'ENOENT')
    throw new Missing(`This needs ${file}, which is not installed. ${lacking}`)
  if (failed)
    throw new Missing(`${file} ${args[0]} failed${exitCode === undefined ? '' : ` (exit code ${exitCode})`}.\n${typeof stderr === 'string' ? stderr.trim() : ''}`.trim())
  return typeof stdout === 'string' ? stdout : ''
}
