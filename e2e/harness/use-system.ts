import type { System, SystemOptions } from './system.ts'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { startSystem } from './system.ts'

/** Starts one system for all tests of a spec file; a failed test leaves screenshots of all devices. */
export function useSystem(spec: string, options: () => SystemOptions = () => ({})): () => System {
  let system: System | undefined
  beforeAll(async () => {
    system = await startSystem(spec, options())
  })
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail')
      await system?.capture(task.name.replaceAll(/\W+/g, '-').slice(0, 60))
  })
  afterAll(() => system?.close())
  return () => must(system, 'a started system')
}
