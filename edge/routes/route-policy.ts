/** The callers that a route accepts, and the size of their bodies. */
export interface RoutePolicy {
  /**
   * `anyone` needs no secret and learns none. `page` is our own page before it is paired. `device` is a paired device
   * with its cookie. `runner` and `mcp` have a bearer token of that kind. `github` has the person's token in the
   * address, and a signature over the body.
   */
  caller: 'anyone' | 'page' | 'device' | 'runner' | 'mcp' | 'github'
  /** Takes WebSocket upgrades only. The object that accepts the socket looks its token up in the same step. */
  socket?: boolean
  /** Allows bodies as large as a week of offline messages. */
  large?: boolean
  /** Allows bodies as large as an attached file. */
  file?: boolean
}

/** Every route and socket. A test fails on a route that is missing; the guard treats it as a device's. */
export const ROUTE_POLICIES: Readonly<Record<string, RoutePolicy>> = {
  'GET /api/health': { caller: 'anyone' },

  'POST /api/pair': { caller: 'page' },
  'POST /api/pair/claim': { caller: 'page' },
  'POST /api/pair/finish': { caller: 'page' },

  'GET /api/session': { caller: 'device' },
  'POST /api/unpair': { caller: 'device' },
  'GET /api/devices': { caller: 'device' },
  'DELETE /api/devices/:id': { caller: 'device' },
  'POST /api/pairings': { caller: 'device' },
  'GET /api/pairings/:id': { caller: 'device' },
  'POST /api/pairings/:id/answer': { caller: 'device' },
  'GET /api/tokens': { caller: 'device' },
  'POST /api/tokens': { caller: 'device' },
  'DELETE /api/tokens/:id': { caller: 'device' },
  'GET /api/export': { caller: 'device' },
  'POST /api/erase': { caller: 'device' },

  'GET /api/notifications': { caller: 'device' },
  'POST /api/notifications': { caller: 'device' },
  'DELETE /api/notifications': { caller: 'device' },

  'POST /api/push': { caller: 'device', large: true },
  'POST /api/pull': { caller: 'device' },
  'GET /api/live': { caller: 'device', socket: true },
  'GET /api/tasks/:id/log': { caller: 'device' },
  'GET /api/search': { caller: 'device' },
  'GET /api/messages': { caller: 'device' },

  'PUT /api/attachments/:id': { caller: 'device', file: true },
  'GET /api/attachments/:id': { caller: 'device' },

  'ALL /mcp': { caller: 'mcp', large: true },

  'POST /github/webhook/:token': { caller: 'github' },

  'GET /runner': { caller: 'runner', socket: true },
  'POST /runner/pairings': { caller: 'runner' },
  'GET /runner/pairings/:id': { caller: 'runner' },
  'POST /runner/pairings/:id/answer': { caller: 'runner' },
  'GET /runner/tasks': { caller: 'runner' },
  'GET /runner/tasks/:id/log': { caller: 'runner' },
  'POST /runner/tasks/:id/decide': { caller: 'runner' },
  'GET /runner/tokens': { caller: 'runner' },
  'POST /runner/tokens': { caller: 'runner' },
  'DELETE /runner/tokens/:id': { caller: 'runner' },
}
