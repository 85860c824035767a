import { defineCommand } from 'citty'
import { isFinished } from '#shared/task/state.ts'
import { taskTable } from './task-table.ts'
import { withEdge } from './with-edge.ts'

export const tasksCommand = defineCommand({
  meta: {
    name: 'tasks',
    description: 'The tasks, newest first, with what each waits for; exits 1 when the edge cannot be asked',
  },
  args: {
    all: { type: 'boolean', default: false, description: 'With those that are over' },
    json: { type: 'boolean', default: false, description: 'As JSON, for programs' },
  },
  run: ({ args }) =>
    withEdge(async (api) => {
      const tasks = (await api.tasks()).tasks.filter(({ state }) => args.all || !isFinished(state))
      console.log(
        args.json
          ? JSON.stringify(tasks, null, 2)
          : tasks.length > 0
            ? taskTable(tasks, Date.now())
            : 'There are no tasks.',
      )
    }),
})
