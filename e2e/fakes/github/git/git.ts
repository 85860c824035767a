import { execa } from 'execa'

export interface GitOptions {
  cwd: string
  input?: string
  env?: Record<string, string>
}

/** Runs git without the machine's own configuration, so that the fake is the same everywhere. Returns the unchanged standard output. */
export async function git(args: readonly string[], { cwd, input, env }: GitOptions): Promise<string> {
  const { stdout } = await execa('git', args, {
    cwd,
    env: { ...gitEnv(), ...env },
    extendEnv: false,
    stripFinalNewline: false,
    ...(input === undefined ? {} : { input }),
  })
  return stdout
}

/** The whole environment of git: no configuration of the person's or the system's, and never a prompt. */
export function gitEnv(): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
  }
}
