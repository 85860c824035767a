import type { CheckedOut, StageOutcome } from '../../job/stage-protocol.ts'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeEach } from 'vitest'
import { stageOutcome } from '../../job/stage-protocol.ts'
import { startGitServer } from '../../testing/git-server.ts'
import { jobSpecOf } from '../../testing/job-spec.ts'
import { publish } from '../stages/publish.ts'
import { saveWip } from '../stages/save-wip.ts'
import { stageHarness } from './stage-harness.ts'

export const BRANCH = 'mainloop/abcdefghij-greet'
export const USAGE = { costUsd: 0.5, inputTokens: 10, outputTokens: 20 }

const MODEL_SECRETS = ['sk-ant-key-for-tests']

type Spec = NonNullable<Parameters<typeof jobSpecOf>[0]>

/** Gives each test of the file a Job's folder and a repository of its own, on one git server. */
export async function startPublishHarness() {
  const server = await startGitServer()
  let stage = stageHarness()
  let repository = ''
  let count = 0

  function restart(): void {
    stage.close()
    stage = stageHarness()
  }

  beforeEach(() => {
    restart()
    repository = `octo/r${count += 1}`
    server.create(repository, {
      'README.md': 'Hello\n',
      'src/greet.js': 'export const greet = () => "hi"\n',
      'src/greet.test.js': 'test\n',
      '.github/workflows/ci.yml': 'on: push\n',
      '.gitignore': 'node_modules\n',
    })
  })
  afterEach(() => {
    server.readOnly = false
    stage.close()
  })
  afterAll(() => server.close())

  const checkout = (spec: Spec = {}): Promise<StageOutcome> => stage.checkout(server, { repository, ...spec })

  function publishing(from: CheckedOut, spec: Spec) {
    // Each run is a process of its own, which has no git directory yet.
    rmSync(stage.publishGit, { recursive: true, force: true })
    return {
      folder: stage.folder,
      spec: jobSpecOf({ repository, ...spec }),
      git: { serverUrl: server.url, token: server.token },
      from,
      modelSecrets: MODEL_SECRETS,
    }
  }

  return {
    server,
    /** The present Job's folder and its log. */
    stage: () => stage,
    /** Replaces the Job's folder, so that only pushed changes remain. */
    restart,
    checkout,
    /** Checks out. Throws if the stage ends the attempt. */
    async begin(spec: Spec = {}): Promise<CheckedOut> {
      const from = stageOutcome.parse(await checkout(spec))
      if (from.outcome !== 'checked-out')
        throw new Error(JSON.stringify(from))
      return from
    },
    /** Publishes the workspace. */
    finish(from: CheckedOut, spec: Spec = {}, summary = 'Greets by name. All tests pass.') {
      const work = { outcome: 'worked' as const, summary, usage: USAGE }
      return publish({ stage: 'publish', work, ...publishing(from, spec) }, stage.tools)
    },
    /** Saves the workspace to the wip ref. */
    save(from: CheckedOut, spec: Spec = {}) {
      return saveWip({ stage: 'save-wip', ...publishing(from, spec) }, stage.tools)
    },
    /** Writes a file of the workspace. */
    write(path: string, text: string): void {
      const file = join(stage.workspace, path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, text)
    },
    /** Runs git in the repository on the server. */
    git: (...args: string[]): string => server.git(repository, ...args),
    /** Commits to the repository on the server as somebody else. */
    commit: (branch: string, files: Record<string, string>, from?: string): string =>
      server.commit(repository, branch, files, from),
    /** A published file. */
    show: (path: string): string => server.git(repository, 'show', `${BRANCH}:${path}`),
  }
}
