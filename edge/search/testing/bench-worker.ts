import type { Message } from '#shared/model/message.ts'
import { DurableObject } from 'cloudflare:workers'
import { messageKey } from '#shared/model/message.ts'
import { migrate } from '../../store/migrate.ts'
import { catchUp } from '../catch-up.ts'
import { search } from '../search.ts'

interface Env { SEARCH: DurableObjectNamespace<SearchBench> }

/** An object with only stored messages and their index, for `npm run bench:search`. */
export class SearchBench extends DurableObject<Env> {
  override async fetch(request: Request): Promise<Response> {
    const { storage } = this.ctx
    const { pathname, searchParams } = new URL(request.url)
    const query = searchParams.get('q') ?? ''
    switch (pathname) {
      case '/fill': {
        migrate(storage)
        const { from, texts } = await request.json<{ from: number, texts: string[] }>()
        for (const [n, text] of texts.entries()) {
          storage.sql.exec(
            'INSERT INTO rows (key, version, value) VALUES (?, ?, ?)',
            messageKey(from + n),
            from + n,
            JSON.stringify({ kind: 'person', id: `m${from + n}`, at: from + n, text } satisfies Message),
          )
        }
        catchUp(storage.sql, Infinity)
        return Response.json({ hits: 0 })
      }
      case '/search':
        return Response.json({ hits: search(storage.sql, query, { limit: 50, length: 160 }).length })
      case '/scan':
        return Response.json({ hits: storage.sql.exec('SELECT key FROM rows WHERE instr(value, ?) > 0 ORDER BY key DESC LIMIT 50', query).toArray().length })
      default:
        return Response.json({ hits: 0 })
    }
  }
}

export default {
  fetch: (request: Request, env: Env) => env.SEARCH.getByName('bench').fetch(request),
}
