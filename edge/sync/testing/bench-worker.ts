import { DurableObject } from 'cloudflare:workers'
import { SCHEMA_VERSION } from '#shared/protocol/replicache.ts'
import { createStore } from '../../store/create-store.ts'
import { migrate } from '../../store/migrate.ts'
import { countRows } from '../../testing/count-rows.ts'
import { processPush } from '../process-push.ts'

interface Env { SYNC: DurableObjectNamespace<SyncBench> }

const MESSAGES = 100

/** An object that answers with how many rows each of some messages costs, for `npm run bench:sync`. */
export class SyncBench extends DurableObject<Env> {
  override async fetch(): Promise<Response> {
    migrate(this.ctx.storage)
    const { storage, written } = countRows(this.ctx.storage)
    const store = createStore({ storage, now: () => Date.now() })
    const rows: number[] = []
    for (let id = 1; id <= MESSAGES; id++) {
      const before = written()
      const mutation = { clientID: 'bench', id, name: 'sendMessage', args: { id: `m${id}`, text: `Message ${id}` }, timestamp: 0 }
      await processPush(store, { pushVersion: 1, schemaVersion: SCHEMA_VERSION, profileID: 'bench', clientGroupID: 'bench', mutations: [mutation] })
      rows.push(written() - before)
    }
    return Response.json(rows)
  }
}

export default {
  fetch: (request: Request, env: Env) => env.SYNC.getByName('bench').fetch(request),
}
