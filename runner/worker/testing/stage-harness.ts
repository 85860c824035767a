import type { StageTools } from '../../job/stage-protocol.ts'
import type { GitServer } from '../../testing/git-server.ts'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { jobPaths } from '../../job/job-paths.ts'
import { jobSpecOf } from '../../testing/job-spec.ts'
import { checkout } from '../stages/checkout.ts'

/** A Job's folder with the tools of a stage; `log` records the lines. */
export function stageHarness() {
  const folder = mkdtempSync(join(tmpdir(), 'mainloop-stage-'))
  const paths = jobPaths(folder)
  for (const path of [paths.home, paths.tmp])
    mkdirSync(path)
  const log: string[] = []
  const stop = new AbortController()
  const tools: StageTools = { log: (kind, text) => log.push(`${kind} ${text}`), signal: stop.signal, now: () => 1_000_000 }
  return {
    folder,
    ...paths,
    log,
    stop,
    tools,
    checkout: (git: GitServer, spec: Parameters<typeof jobSpecOf>[0] = {}, token: string | null = git.token) =>
      checkout({ stage: 'checkout', folder, spec: jobSpecOf(spec), git: { serverUrl: git.url, token } }, tools),
    close: () => rmSync(folder, { recursive: true, force: true }),
  }
}
