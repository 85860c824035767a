import type { LogLine } from '#shared/protocol/log.ts'
import type { JobSpec } from '../../job/job-spec.ts'
import type { Executor, Job } from '../executor.ts'
import { afterEach, describe, expect, test } from 'vitest'
import { must } from '#shared/lib/must.ts'

/** What a Job of the suite does. */
export type Behaviour
  /** Says `hello` in its log and ends as `planned`. */ = 'says hello'
    /** Ends as `failed` with kind `repository-not-found`. */ | 'fails'
    /** Says `hello` and then does nothing until it is stopped. */ | 'hangs'

export interface ExecutorPlace {
  /** Another executor over the same place, as after a restart of the runner. */
  open: () => Executor
  /** A Job that behaves so; `given` goes first. */
  job: (behaviour: Behaviour, given?: Partial<Pick<JobSpec, 'task' | 'attempt' | 'deadlineSeconds'>>) => JobSpec
  /** Ends the Job's worker as a crash would, without a chance to say anything. */
  crash: (name: string) => Promise<void>
  /** What of the Job is still there: processes, files, pods. */
  leftovers: (name: string) => Promise<string[]>
  /** How long a Job may take to begin or end; far more than a slow machine needs. */
  timeoutMs?: number
}

/** What every executor does, whatever it runs on. */
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
    test('a Job runs, is listed with what it is, and its result is kept', async () => {
      const executor = place.open()
      const spec = await start(executor, place.job('says hello', { attempt: 3 }))
      const job = await ended(executor, spec.name)
      expect(job).toMatchObject({ name: spec.name, task: spec.task, attempt: 3, result: { outcome: 'planned' } })
      expect(await jobOf(place.open(), spec.name)).toEqual(job)
    })

    test('a Job that fails says why', async () => {
      const executor = place.open()
      const { name } = await start(executor, place.job('fails'))
      expect((await ended(executor, name)).result).toMatchObject({ outcome: 'failed', kind: 'repository-not-found', reason: expect.stringMatching(/\w/) })
    })

    test('ensure of the same name is the same Job, also at the same moment and after its end', async () => {
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

    test('the log can be followed from any line, by another executor too', async () => {
      const { name } = await start(place.open(), place.job('says hello'))
      const lines = await collect(place.open().follow(name, 0, AbortSignal.timeout(timeoutMs)))
      const rest = await collect(place.open().follow(name, 2, AbortSignal.timeout(timeoutMs)))
      expect(rest).toEqual(lines.slice(2))
      expect(await collect(place.open().follow(name, lines.length, AbortSignal.timeout(timeoutMs)))).toEqual([])
    })

    test('lines arrive while the Job runs, and following ends when it is aborted', async () => {
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

    test('a running Job survives its runner and is removed by the next', async () => {
      const { name } = await start(place.open(), place.job('hangs'))
      await said(place.open(), name, 'hello')
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

    test('a worker that is killed is a crash, and leaves nothing running', async () => {
      const executor = place.open()
      const { name } = await start(executor, place.job('hangs'))
      await said(executor, name, 'hello')
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

    test('what is not there has no log, and removing it is success', async () => {
      const executor = place.open()
      const { name } = place.job('says hello', { task: 'zzzzzzzzzz' })
      expect(await collect(executor.follow(name, 0, AbortSignal.timeout(timeoutMs)))).toEqual([])
      await expect(executor.remove(name)).resolves.toBeUndefined()
    })
  })

  async function ended(executor: Executor, name: string): Promise<Job> {
    return must(
      await expect
        .poll(() => jobOf(executor, name), { timeout: timeoutMs })
        .toMatchObject({ result: { outcome: expect.any(String) } })
        .then(() => jobOf(executor, name)),
      'an ended job',
    )
  }

  async function said(executor: Executor, name: string, text: string): Promise<void> {
    for await (const line of executor.follow(name, 0, AbortSignal.timeout(timeoutMs))) {
      if (line.text === text)
        return
    }
    throw new Error(`${name} ended without saying ${text}`)
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
