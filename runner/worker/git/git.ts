import type { GitAccess } from '../../job/stage-protocol.ts'
import { devNull } from 'node:os'
import { execa } from 'execa'
import { basic } from '#shared/text/redact.ts'

export interface GitCall {
  /** Given only to calls that talk to the server. */
  access?: GitAccess
  input?: string
  env?: Record<string, string>
  /** Longer output is a `GitTooLongError`. Characters. */
  maxBuffer?: number
}

/** Git failed or did not run. */
export class GitError extends Error {
  readonly stderr: string
  /** Null if it was killed or did not start. */
  readonly exitCode: number | null

  constructor(args: readonly string[], stderr: string, exitCode: number | null) {
    super(`git ${args[0]} failed: ${stderr}`)
    this.name = 'GitError'
    this.stderr = stderr
    this.exitCode = exitCode
  }
}

/** The output is longer than the call's `maxBuffer`. */
export class GitTooLongError extends GitError {
  override readonly name = 'GitTooLongError'
}

export type Git = (args: readonly string[], call?: GitCall) => Promise<string>

/** Long enough for a large repository over a slow line. The Job's deadline may be shorter. */
const TIMEOUT_MS = 15 * 60_000

interface GitOptions { cwd: string, env: Record<string, string>, signal: AbortSignal }

/** Runs git in an isolated environment. Rejects with a `GitError`, or with the signal's reason after an abort. */
export function createGit({ cwd, env, signal }: GitOptions): Git {
  return async (args, { access, input, env: extra, maxBuffer } = {}) => {
    signal.throwIfAborted()
    const result = await execa('git', args, {
      cwd,
      env: { ...env, ...ISOLATED, ...configuration(access), ...extra },
      extendEnv: false,
      reject: false,
      stripFinalNewline: false,
      timeout: TIMEOUT_MS,
      cancelSignal: signal,
      ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
      ...(maxBuffer === undefined ? {} : { maxBuffer }),
    })
    signal.throwIfAborted()
    if (result.isMaxBuffer)
      throw new GitTooLongError(args, 'it printed too much', null)
    if (result.failed) {
      const message = result.timedOut
        ? `it took longer than ${TIMEOUT_MS / 60_000} minutes`
        : result.stderr || (result.shortMessage ?? 'it did not say why')
      throw new GitError(args, message, result.exitCode ?? null)
    }
    return result.stdout
  }
}

/** Ignores the machine's configuration, prompts, protocols that run commands, and LFS downloads. */
const ISOLATED = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: devNull,
  GIT_TERMINAL_PROMPT: '0',
  GIT_ALLOW_PROTOCOL: 'http:https',
  GIT_LFS_SKIP_SMUDGE: '1',
  GIT_OPTIONAL_LOCKS: '0',
  LC_ALL: 'C.UTF-8',
}

/** Settings in the environment override those of a repository, so a checkout cannot switch anything on again. */
function configuration(access: GitAccess | undefined): Record<string, string> {
  const settings: [key: string, value: string][] = [
    ['core.hooksPath', devNull],
    ['core.fsmonitor', 'false'],
    ['core.attributesFile', devNull],
    ['core.excludesFile', devNull],
    ['core.pager', 'cat'],
    ['credential.helper', ''],
    ['submodule.recurse', 'false'],
    ['fetch.recurseSubmodules', 'false'],
    ['push.recurseSubmodules', 'no'],
    ['commit.gpgSign', 'false'],
    ['push.gpgSign', 'false'],
    ['gc.auto', '0'],
    ['maintenance.auto', 'false'],
    ['init.defaultBranch', 'main'],
    ['advice.detachedHead', 'false'],
    // Git gives up on a connection below 1 kB a second for a minute.
    ['http.lowSpeedLimit', '1000'],
    ['http.lowSpeedTime', '60'],
  ]
  if (access?.token)
    settings.push([`http.${access.serverUrl}/.extraHeader`, `Authorization: Basic ${basic(access.token)}`])
  return Object.fromEntries([
    ['GIT_CONFIG_COUNT', String(settings.length)],
    ...settings.flatMap(([key, value], i) => [[`GIT_CONFIG_KEY_${i}`, key], [`GIT_CONFIG_VALUE_${i}`, value]]),
  ])
}

export function remoteUrl({ serverUrl }: GitAccess, repository: string): string {
  return `${serverUrl.replace(/\/+$/, '')}/${repository}.git`
}
