import { Agent, routeAgentRequest } from 'agents'
import { DurableObject } from 'cloudflare:workers'
import { routePartykitRequest } from 'partyserver'
import { createMergeableStore } from 'tinybase'
import { createDurableObjectSqlStoragePersister } from 'tinybase/persisters/persister-durable-object-sql-storage'
import { getWsServerDurableObjectFetch, WsServerDurableObject } from 'tinybase/synchronizers/synchronizer-ws-server-durable-object'
import { YServer } from 'y-partyserver'

/** The lower bound: every frame of one socket goes to the others. */
export class Raw extends DurableObject {
  override fetch(): Response {
    const { 0: client, 1: server } = new WebSocketPair()
    this.ctx.acceptWebSocket(server)
    return new Response(null, { status: 101, webSocket: client })
  }

  override webSocketMessage(from: WebSocket, text: string): void {
    for (const ws of this.ctx.getWebSockets()) {
      if (ws !== from)
        ws.send(text)
    }
  }
}

/** The lower bound with storage: every frame is inserted into a table first. */
export class Insert extends Raw {
  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env)
    ctx.storage.sql.exec('CREATE TABLE IF NOT EXISTS messages (id INTEGER PRIMARY KEY, text TEXT NOT NULL)')
  }

  override webSocketMessage(from: WebSocket, text: string): void {
    this.ctx.storage.sql.exec('INSERT INTO messages (text) VALUES (?)', text)
    super.webSocketMessage(from, text)
  }
}

export class Y extends YServer {}

export class State extends Agent<unknown, { text: string }> {
  override initialState = { text: '' }
}

export class Tiny extends WsServerDurableObject {
  override createPersister() {
    return createDurableObjectSqlStoragePersister(createMergeableStore(), this.ctx.storage.sql, { mode: 'fragmented' })
  }
}

interface Env {
  RAW: DurableObjectNamespace<Raw>
  INSERT: DurableObjectNamespace<Insert>
  TINY: DurableObjectNamespace<Tiny>
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const [, kind, name = ''] = new URL(request.url).pathname.split('/')
    switch (kind) {
      case 'raw': return env.RAW.getByName(name).fetch(request)
      case 'insert': return env.INSERT.getByName(name).fetch(request)
      case 'tiny': return getWsServerDurableObjectFetch('TINY')(request, env)
      case 'parties': return await routePartykitRequest(request, env) ?? new Response(null, { status: 404 })
      default: return await routeAgentRequest(request, env) ?? new Response(null, { status: 404 })
    }
  },
}
