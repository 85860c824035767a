import { DurableObject } from 'cloudflare:workers'
import { SCHEMA_VERSION } from '#shared/protocol/replicache.ts'
import { createStore } from '../../store/create-store.ts'
import { migrate } from '../../store/migrate.ts'
import { countRows } from '../../testing/count-rows.ts'
import { processPush } from '../process-push.ts'

interface Env { SYNC: DurableObjectNamespace<SyncBench> }

const MESSAGES = 100
const PUSH = { pushVersion: 1, schemaVersion: SCHEMA_VERSION, profileID: 'bench', clientGroupID: 'bench' } as const

/** An object that responds with the number of rows that each of some messages writes, for `npm run bench:sync`. */
export class SyncBench extends DurableObject<Env> {
  override async fetch(): Promise<Response> {
    migrate(this.ctx.storage)
    const { storage, written } = countRows(this.ctx.storage)
    const store = createStore({ storage, now: () => Date.now() })
    const rows: number[] = []
    for (let id = 1; id <= MESSAGES; id++) {
      const before = written()
      const args = { id: `m${id}`, text: `Message ${id}` }
      const mutation = { clientID: 'bench', id, name: 'sendMessage', args, timestamp: 0 }
      await processPush(store, { ...PUSH, mutations: [mutation] })
      rows.push(written() - before)
    }
    return Response.json(rows)
  }
}

export default {
  fetch: (request: Request, env: Env) => env.SYNC.getByName('bench').fetch(request),
}
