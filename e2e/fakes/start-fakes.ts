import type { FakeGitHub } from './github/fake-github.ts'
import type { FakeModel } from './model/fake-model.ts'
import { startFakeGitHub } from './github/fake-github.ts'
import { conversationScript, smallTalk } from './model/conversation-script.ts'
import { startFakeModel } from './model/fake-model.ts'
import { workerScript } from './model/worker-script.ts'
import { sample } from './sample.ts'

export interface FakesOptions {
  /** Characters a second; null answers at once. */
  charactersPerSecond: number | null
  /** For people who try things: answers what is not scripted too. */
  smallTalk?: boolean
  /** Where all of it is reached, by runners and workers elsewhere too. */
  host?: string
}

export interface Fakes {
  model: FakeModel
  github: FakeGitHub
  /** What a runner needs to work against these fakes. */
  runnerEnvironment: Record<string, string>
  close: () => Promise<void>
}

/** Everything outside mainloop: the model, and GitHub with the sample repository and a few that cannot be worked on. */
export async function startFakes({ charactersPerSecond, smallTalk: chatty = false, host = '127.0.0.1' }: FakesOptions): Promise<Fakes> {
  const github = await startFakeGitHub({ host })
  await github.seed(sample.repository, sample.files)
  await Promise.all([PRIVATE, READ_ONLY].map(name => github.seed(name, { 'README.md': '# Hello\n' })))
  await github.seed(EMPTY)
  const model = await startFakeModel({
    replies: [...conversationScript(sample), ...workerScript(sample), ...chatty ? [smallTalk(sample)] : []],
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
      ANTHROPIC_API_KEY: 'fake-key',
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
