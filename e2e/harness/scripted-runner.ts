import type { RunnerEvent } from '#shared/model/task-event.ts'
import type { TaskId } from '#shared/model/task.ts'
import type { RunnerDown } from '#shared/protocol/runner.ts'
import type { System } from './system.ts'
import { RUNNER_PROTOCOL_VERSION } from '#shared/protocol/runner.ts'
import { dial } from '../../runner/edge-connection/dial.ts'

export interface ScriptedRunner {
  /** Reports an event to the edge. Resolves when the edge has stored it, to null or to the reason why it was refused. */
  report: (task: TaskId, event: RunnerEvent) => Promise<string | null>
  close: () => Promise<void>
}

const TIMING = { pingMs: 5_000, idleTimeoutMs: 20_000 }

/** Starts a runner that only sends the reports of a spec, for states of a task that a real runner reaches slowly. */
export async function startScriptedRunner({ edge, runnerToken }: Pick<System, 'edge' | 'runnerToken'>): Promise<ScriptedRunner> {
  const stop = new AbortController()
  const welcome = Promise.withResolvers<void>()
  const acks = new Map<string, (refused: string | null) => void>()
  let send: (text: string) => void = () => {}
  let reports = 0

  function received(frame: RunnerDown) {
    if (frame.type === 'welcome')
      welcome.resolve()
    else if (frame.type === 'ack')
      acks.get(frame.report)?.(frame.refused)
  }

  const ended = dial({
    url: `${edge.url.replace('http', 'ws')}/runner`,
    token: runnerToken,
    timing: TIMING,
    opened(text) {
      send = text
      send(JSON.stringify({ type: 'hello', protocol: RUNNER_PROTOCOL_VERSION, instance: 'scripted', executor: 'none', problems: [] }))
    },
    received,
  }, stop.signal)
  await welcome.promise

  return {
    report(task, event) {
      reports += 1
      const id = `scripted-${reports}`
      const { promise, resolve } = Promise.withResolvers<string | null>()
      acks.set(id, resolve)
      send(JSON.stringify({ type: 'report', id, task, event }))
      return promise
    },
    async close() {
      stop.abort()
      await ended
    },
  }
}
