import type { TaskDecision } from '#shared/protocol/tasks.ts'
import type { EdgeApi } from '../edge-api/edge-api.ts'
import process from 'node:process'
import { defineCommand } from 'citty'
import { withEdge } from './with-edge.ts'

export const cancelCommand = decisionCommand({
  name: 'cancel',
  description: 'Cancel a task: its worker stops, its pull request is closed; exits 2 when the task cannot be cancelled',
  done: 'The task is cancelled.',
  decision: async () => ({ kind: 'cancel' }),
})
export const retryCommand = decisionCommand({
  name: 'retry',
  description: 'Try a task again that failed or is paused; exits 2 when it is neither',
  done: 'The task is tried again.',
  decision: async () => ({ kind: 'retry' }),
})
export const readyCommand = decisionCommand({
  name: 'ready',
  description: 'Mark a pull request ready that CI has not verified; exits 2 when it is green or not there yet',
  done: 'The pull request is marked ready.',
  decision: markReady,
})

/** Marks the newest commit ready that the edge knows of. Null for a task without one. */
async function markReady(api: Pick<EdgeApi, 'tasks'>, id: string): Promise<TaskDecision | null> {
  const { tasks } = await api.tasks()
  const expectedHead = tasks.find(task => task.id === id)?.heads.at(-1)
  return expectedHead === undefined ? null : { kind: 'mark-ready', expectedHead }
}

interface DecisionCommand {
  name: string
  description: string
  done: string
  /** Null when the task has nothing to decide about. */
  decision: (api: Pick<EdgeApi, 'tasks'>, id: string) => Promise<TaskDecision | null>
}

function decisionCommand({ name, description, done, decision }: DecisionCommand) {
  return defineCommand({
    meta: { name, description },
    args: { task: { type: 'positional', description: 'The task\'s id, as "mainloop tasks" shows it', required: true } },
    run: ({ args }) => withEdge(async (api) => {
      const decided = await decision(api, args.task)
      const { refused } = decided ? await api.decide(args.task, decided) : { refused: 'The task has no commit.' }
      if (refused === null)
        return console.log(done)
      console.error(refused)
      process.exitCode = 2
    }),
  })
}
