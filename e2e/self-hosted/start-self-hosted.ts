import type { Edge } from '../harness/edge.ts'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newSecret } from '../../scripts/lib/settings.ts'
import { startEdge } from '../harness/edge.ts'
import { freePort } from '../harness/free-port.ts'

export interface SelfHosted extends AsyncDisposable {
  edge: Edge
  /** The volume. */
  data: string
  setupSecret: string
  lines: string[]
}

/** The edge as its image starts it, on a volume of its own. */
export async function startSelfHosted(vars: Record<string, string> = {}): Promise<SelfHosted> {
  await using stack = new AsyncDisposableStack()
  const data = await mkdtemp(join(tmpdir(), 'mainloop-volume-'))
  stack.defer(() => rm(data, { recursive: true, force: true, maxRetries: 5 }))
  const setupSecret = newSecret()
  const lines: string[] = []
  const edge = await startEdge({
    home: 'workerd',
    port: await freePort(),
    state: data,
    vars: { SETUP_SECRET: setupSecret, RUNNER_TOKEN: newSecret(), ...vars },
    log: line => void lines.push(line),
  })
  stack.defer(edge.stop)
  const owned = stack.move()
  return { edge, data, setupSecret, lines, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}
