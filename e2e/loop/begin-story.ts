import type { GitHubStage } from '../stage/github/start.ts'
import type { LoopWorld } from './loop-world.ts'
import type { Place, Story } from './story.ts'
import { createLoopWorld } from './loop-world.ts'

let repositories = 0

export interface Begun extends Place {
  token: string
  /** Lets people act, and says whether the story is over. */
  isOver: (world: LoopWorld) => Promise<boolean>
}

/** A repository of its own with the story's task in it, just started. */
export async function beginStory(github: GitHubStage, { files, requiredChecks = [], task = {}, attempts, people, ends }: Story): Promise<Begun> {
  const repository = `octo/loop${String(repositories++).padStart(6, '0')}`
  await github.seed(repository, files ?? { 'a.txt': 'a\n' }, { requiredChecks })
  const world = createLoopWorld({
    github,
    repository,
    task,
    script: (phase, nth) => attempts[phase]?.[nth - 1] ?? attempts[phase]?.at(-1) ?? UNWRITTEN,
  })
  world.happen({ kind: 'confirm' })
  const place = { github, repository, world }
  return {
    ...place,
    token: github.createToken('mainloop-bot', { [repository]: 'write' }),
    isOver: async () => (await people?.(place) ?? true) && (typeof ends === 'function' ? ends(world.task()) : world.task().state.status === ends),
  }
}

const UNWRITTEN = { end: { outcome: 'failed' as const, kind: 'agent' as const, reason: 'Nobody wrote what this attempt does.', usage: { costUsd: 0, inputTokens: 0, outputTokens: 0 } } }
