import type { GitHubStage } from './github/start.ts'
import type { ModelStage } from './model/start.ts'
import { startGitHub } from './github/start.ts'
import { conversation, smallTalk } from './model/conversation.ts'
import { startModel } from './model/start.ts'
import { worker } from './model/worker.ts'
import { sample } from './sample.ts'

export interface StageOptions {
  /** Characters a second; null answers at once. */
  charactersPerSecond: number | null
  /** For people who try things: answers what is not scripted too. */
  smallTalk?: boolean
  /** Where all of it is reached, by runners and workers elsewhere too. */
  host?: string
}

export interface Stage {
  model: ModelStage
  github: GitHubStage
  /** What a runner needs to work against this stage. */
  runnerEnvironment: Record<string, string>
  close: () => Promise<void>
}

/** Everything outside mainloop: the model, and GitHub with the sample repository and a few that cannot be worked on. */
export async function startStage({ charactersPerSecond, smallTalk: chatty = false, host = '127.0.0.1' }: StageOptions): Promise<Stage> {
  const github = await startGitHub({ host })
  await github.seed(sample.repository, sample.files)
  await Promise.all([PRIVATE, READ_ONLY].map(name => github.seed(name, { 'README.md': '# Hello\n' })))
  await github.seed(EMPTY)
  const model = await startModel({
    scenes: [...conversation(sample), ...worker(sample), ...chatty ? [smallTalk(sample)] : []],
    charactersPerSecond,
    host,
  })
  return {
    model,
    github,
    runnerEnvironment: {
      // Not the account that may do everything: a runner's token sees what it was given.
      GITHUB_TOKEN: github.createToken('mainloop-bot', { [sample.repository]: 'write', [EMPTY]: 'write', [READ_ONLY]: 'read' }),
      GITHUB_API_URL: github.apiUrl,
      GITHUB_SERVER_URL: github.serverUrl,
      ANTHROPIC_API_KEY: 'stage',
      ANTHROPIC_BASE_URL: model.url,
    },
    async close() {
      await model.close()
      await github.close()
    },
  }
}

export const PRIVATE = 'ada/private'
export const READ_ONLY = 'ada/readonly'
export const EMPTY = 'ada/empty'
