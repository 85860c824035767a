import type { LogLine } from '#shared/protocol/log.ts'
import type { JobSpec } from '../../job/job-spec.ts'
import type { Executor, Job } from '../executor.ts'
import { afterEach, describe, expect, test } from 'vitest'
import { must } from '#shared/lib/must.ts'

export type Behaviour
  /** Logs `hello` and ends as `planned`. */
  = | 'says hello'
  /** Ends as `failed` with kind `repository-not-found`. */
    | 'fails'
  /** Logs `hello` and then does nothing until it is stopped. */
    | 'hangs'

export interface ExecutorPlace {
  /** Opens another executor over the same Jobs, like a restart of the runner. */
  open: () => Executor
  /** Builds a spec with this behaviour; `fields` take precedence. */
  job: (behaviour: Behaviour, fields?: Partial<Pick<JobSpec, 'task' | 'attempt' | 'deadlineSeconds'>>) => JobSpec
  /** Kills the Job's worker, so that it cannot write a result. */
  crash: (name: string) => Promise<void>
  /** Names the processes, files and pods that are left of the Job. */
  leftovers: (name: string) => Promise<string[]>
  /** Limit for a Job's start or end, far above the need of a slow machine. */
  timeoutMs?: number
}

/** The contract of every executor. */
export function executorSuite({ timeoutMs = 300_000, ...place }: ExecutorPlace): void {
  const made = new Set<string>()
  const start = async (executor: Executor, spec: JobSpec): Promise<JobSpec> => {
    made.add(spec.name)
    await executor.ensure(spec)
    return spec
  }

  afterEach(async () => {
    const executor = place.open()
    await Promise.all([...made].map(name => executor.remove(name)))
    made.clear()
  })

  describe('every executor', { timeout: 2 * timeoutMs }, () => {
    test('a Job runs, is listed with its task and attempt, and keeps its result', async () => {
      const executor = place.open()
      const spec = await start(executor, place.job('says hello', { attempt: 3 }))
      const job = await ended(executor, spec.name)
      expect(job).toMatchObject({ name: spec.name, task: spec.task, attempt: 3, result: { outcome: 'planned' } })
      expect(await jobOf(place.open(), spec.name)).toEqual(job)
    })

    test('a failed Job has a reason', async () => {
      const executor = place.open()
      const { name } = await start(executor, place.job('fails'))
      expect((await ended(executor, name)).result).toMatchObject({ outcome: 'failed', kind: 'repository-not-found', reason: expect.stringMatching(/\w/) })
    })

    test('ensure with the same name starts no second Job, neither at the same moment nor after its end', async () => {
      const executor = place.open()
      const spec = place.job('says hello')
      await Promise.all([start(executor, spec), start(place.open(), spec)])
      const { result } = await ended(executor, spec.name)
      const lines = await collect(executor.follow(spec.name, 0, AbortSignal.timeout(timeoutMs)))
      await start(place.open(), spec)
      expect((await jobOf(executor, spec.name))?.result).toEqual(result)
      expect(await collect(executor.follow(spec.name, 0, AbortSignal.timeout(timeoutMs)))).toEqual(lines)
    })

    test('the log is numbered without a gap and ends with the Job', async () => {
      const executor = place.open()
      const spec = await start(executor, place.job('says hello'))
      const lines = await collect(executor.follow(spec.name, 0, AbortSignal.timeout(timeoutMs)))
      expect(lines.map(({ n }) => n)).toEqual(lines.map((_, i) => i + 1))
      expect(lines.every(({ attempt }) => attempt === spec.attempt)).toBe(true)
      expect(lines.map(({ text }) => text)).toContain('hello')
      expect((await jobOf(executor, spec.name))?.result).not.toBeNull()
    })

    test('another executor can follow the log from any line', async () => {
      const { name } = await start(place.open(), place.job('says hello'))
      const lines = await collect(place.open().follow(name, 0, AbortSignal.timeout(timeoutMs)))
      const rest = await collect(place.open().follow(name, 2, AbortSignal.timeout(timeoutMs)))
      expect(rest).toEqual(lines.slice(2))
      expect(await collect(place.open().follow(name, lines.length, AbortSignal.timeout(timeoutMs)))).toEqual([])
    })

    test('lines arrive while the Job runs, and an abort ends following', async () => {
      const executor = place.open()
      const { name } = await start(executor, place.job('hangs'))
      const stop = new AbortController()
      const seen: string[] = []
      for await (const { text } of executor.follow(name, 0, stop.signal)) {
        seen.push(text)
        if (text === 'hello')
          stop.abort()
      }
      expect(seen.at(-1)).toBe('hello')
      expect(await jobOf(executor, name)).toMatchObject({ result: null })
    })

    test('a running Job survives its runner, and the next runner can remove it', async () => {
      const { name } = await start(place.open(), place.job('hangs'))
      await untilLogged(place.open(), name, 'hello')
      expect(await jobOf(place.open(), name)).toMatchObject({ result: null })
      await place.open().remove(name)
      expect(await jobOf(place.open(), name)).toBeUndefined()
      expect(await place.leftovers(name)).toEqual([])
    })

    test('remove ends following', async () => {
      const executor = place.open()
      const { name } = await start(executor, place.job('hangs'))
      let removed: Promise<void> | null = null
      for await (const { text } of executor.follow(name, 0, AbortSignal.timeout(timeoutMs))) {
        if (text === 'hello')
          removed = executor.remove(name)
      }
      expect(removed).not.toBeNull()
      await removed
    })

    test('a killed worker is a crash, and its log is kept', async () => {
      const executor = place.open()
      const { name } = await start(executor, place.job('hangs'))
      await untilLogged(executor, name, 'hello')
      await place.crash(name)
      expect((await ended(executor, name)).result).toMatchObject({ outcome: 'failed', kind: 'crashed' })
      expect((await collect(executor.follow(name, 0, AbortSignal.timeout(timeoutMs)))).map(({ text }) => text)).toContain('hello')
    })

    test('a Job that takes too long is stopped', async () => {
      const executor = place.open()
      const { name } = await start(executor, place.job('hangs', { deadlineSeconds: 1 }))
      expect((await ended(executor, name)).result).toMatchObject({ outcome: 'failed', kind: 'deadline' })
    })

    test('Jobs do not touch each other', async () => {
      const executor = place.open()
      const [one, other] = [place.job('hangs', { task: 'aaaaaaaaaa' }), place.job('says hello', { task: 'bbbbbbbbbb' })]
      await Promise.all([start(executor, one), start(executor, other)])
      await ended(executor, other.name)
      await executor.remove(other.name)
      expect((await executor.list()).map(({ name, result }) => [name, result])).toEqual([[one.name, null]])
    })

    test('an unknown Job has no log, and removing it succeeds', async () => {
      const executor = place.open()
      const { name } = place.job('says hello', { task: 'zzzzzzzzzz' })
      expect(await collect(executor.follow(name, 0, AbortSignal.timeout(timeoutMs)))).toEqual([])
      await expect(executor.remove(name)).resolves.toBeUndefined()
    })
  })

  async function ended(executor: Executor, name: string): Promise<Job> {
    await expect
      .poll(() => jobOf(executor, name), { timeout: timeoutMs })
      .toMatchObject({ result: { outcome: expect.any(String) } })
    return must(await jobOf(executor, name), 'an ended job')
  }

  async function untilLogged(executor: Executor, name: string, text: string): Promise<void> {
    for await (const line of executor.follow(name, 0, AbortSignal.timeout(timeoutMs))) {
      if (line.text === text)
        return
    }
    throw new Error(`${name} ended without logging ${text}`)
  }
}

async function jobOf(executor: Executor, name: string): Promise<Job | undefined> {
  return (await executor.list()).find(job => job.name === name)
}

async function collect(lines: AsyncIterable<LogLine>): Promise<LogLine[]> {
  const all: LogLine[] = []
  for await (const line of lines)
    all.push(line)
  return all
}
