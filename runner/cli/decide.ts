import type { TaskDecision } from '#shared/protocol/tasks.ts'
import process from 'node:process'
import { defineCommand } from 'citty'
import { withEdge } from './with-edge.ts'

export const cancelCommand = decisionCommand(
  'cancel',
  'Cancel a task: its worker stops, its pull request is closed; exits 2 when the task cannot be cancelled',
  'The task is cancelled.',
)
export const retryCommand = decisionCommand(
  'retry',
  'Try a task again that failed or is paused; exits 2 when it is neither',
  'The task is tried again.',
)

function decisionCommand(name: TaskDecision['kind'], description: string, done: string) {
  return defineCommand({
    meta: { name, description },
    args: { task: { type: 'positional', description: 'The task\'s id, as "mainloop tasks" shows it', required: true } },
    run: ({ args }) => withEdge(async (api) => {
      const { refused } = await api.decide(args.task, { kind: name })
      if (refused === null)
        return console.log(done)
      console.error(refused)
      process.exitCode = 2
    }),
  })
}
