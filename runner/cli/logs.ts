import type { LogLine } from '#shared/protocol/log.ts'
import type { EdgeApi } from '../edge-api/edge-api.ts'
import process from 'node:process'
import { defineCommand } from 'citty'
import { isFinished } from '#shared/task/state.ts'
import { printable } from '#shared/text/printable.ts'
import { EdgeRefusal } from '../edge-api/edge-api.ts'
import { sleep } from '../lib/sleep.ts'
import { withEdge } from './with-edge.ts'

/** Short, because a person reads the lines as they come. */
const POLL_MS = 1000

export const logsCommand = defineCommand({
  meta: { name: 'logs', description: 'What the workers of a task printed, all attempts in order' },
  args: {
    task: { type: 'positional', description: 'The task\'s id, as "mainloop tasks" shows it', required: true },
    follow: { type: 'boolean', alias: 'f', default: false, description: 'Go on until the task is over' },
    json: { type: 'boolean', default: false, description: 'A line of JSON each, for programs' },
  },
  run: ({ args }) => withEdge(async (api) => {
    const stop = new AbortController()
    process.once('SIGINT', () => stop.abort())
    const print = (line: LogLine) =>
      console.log(
        args.json
          ? JSON.stringify(line)
          : `${new Date(line.at).toISOString()} ${line.attempt} ${line.stage.padEnd(8)} ${printable(line.text)}`,
      )
    let attempt = 1
    let after = 0
    while (!stop.signal.aborted) {
      const task = (await api.tasks()).tasks.find(({ id }) => id === args.task)
      if (!task)
        throw new EdgeRefusal(`There is no task ${args.task}. "mainloop tasks --all" lists them.`)
      after = await printAttempt(api, { task: task.id, attempt, after, print })
      while (attempt < task.attempts) {
        attempt += 1
        after = await printAttempt(api, { task: task.id, attempt, after: 0, print })
      }
      if (!args.follow || isFinished(task.state))
        return
      await sleep(POLL_MS, stop.signal)
    }
  }),
})

/** Prints the lines with `n > after` and returns the number of the last one. */
async function printAttempt(
  api: EdgeApi,
  { task, attempt, after, print }: { task: string, attempt: number, after: number, print: (line: LogLine) => void },
): Promise<number> {
  let last = after
  while (true) {
    const { lines, more } = await api.log(task, attempt, last)
    lines.forEach(print)
    last = lines.at(-1)?.n ?? last
    if (!more)
      return last
  }
}
