import type { FakeGitHub } from './github/fake-github.ts'
import type { FakeModel } from './model/fake-model.ts'
import { startFakeGitHub } from './github/fake-github.ts'
import { conversationScript, smallTalk } from './model/conversation-script.ts'
import { startFakeModel } from './model/fake-model.ts'
import { workerScript } from './model/worker-script.ts'
import { sample } from './sample.ts'

export interface FakesOptions {
  /** The speed of the model's streams; null sends them at once. */
  charactersPerSecond: number | null
  /** Whether the model replies to unscripted messages too, for a demo. */
  smallTalk?: boolean
  /** The address that all fakes listen on, which runners and workers on other machines reach; by default loopback. */
  host?: string
}

export interface Fakes {
  model: FakeModel
  github: FakeGitHub
  /** The environment variables of a runner that uses these fakes. */
  runnerEnvironment: Record<string, string>
  close: () => Promise<void>
}

/** Starts the fake model, and the fake GitHub with the sample repository and three in which no task can succeed. */
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
      // A runner gets a token with limited access, not that of the account with access to everything.
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
