/** Who may come in, and how much they may bring. */
export interface RoutePolicy {
  /**
   * `anyone`: no secret, nothing to learn. `page`: our own page before it is paired. `device`:
   * a paired device's cookie. `runner`, `mcp`: a bearer token of that kind. `github`: the
   * token in the address says whose it is, the signature over the body that GitHub sent it.
   */
  who: 'anyone' | 'page' | 'device' | 'runner' | 'mcp' | 'github'
  /**
   * Takes WebSocket upgrades only. Its token is looked up by the
   * object that accepts the socket, together with accepting it.
   */
  socket?: boolean
  /** A week of offline messages. */
  large?: boolean
  /** A file that a person attached. */
  file?: boolean
}

/**
 * Every route and socket there is. A test walks the routes and
 * fails on one that is not here; the guard treats it as a device's.
 */
export const ROUTE_POLICIES: Readonly<Record<string, RoutePolicy>> = {
  'GET /api/health': { who: 'anyone' },

  'POST /api/pair': { who: 'page' },
  'POST /api/pair/claim': { who: 'page' },
  'POST /api/pair/finish': { who: 'page' },

  'GET /api/session': { who: 'device' },
  'POST /api/unpair': { who: 'device' },
  'GET /api/devices': { who: 'device' },
  'DELETE /api/devices/:id': { who: 'device' },
  'POST /api/pairings': { who: 'device' },
  'GET /api/pairings/:id': { who: 'device' },
  'POST /api/pairings/:id/answer': { who: 'device' },
  'GET /api/tokens': { who: 'device' },
  'POST /api/tokens': { who: 'device' },
  'DELETE /api/tokens/:id': { who: 'device' },
  'GET /api/export': { who: 'device' },
  'POST /api/erase': { who: 'device' },

  'GET /api/notifications': { who: 'device' },
  'POST /api/notifications': { who: 'device' },
  'DELETE /api/notifications': { who: 'device' },

  'POST /api/push': { who: 'device', large: true },
  'POST /api/pull': { who: 'device' },
  'GET /api/live': { who: 'device', socket: true },
  'GET /api/tasks/:id/log': { who: 'device' },
  'GET /api/search': { who: 'device' },
  'GET /api/messages': { who: 'device' },

  'PUT /api/attachments/:id': { who: 'device', file: true },
  'GET /api/attachments/:id': { who: 'device' },

  'ALL /mcp': { who: 'mcp', large: true },

  'POST /github/webhook/:token': { who: 'github' },

  'GET /runner': { who: 'runner', socket: true },
  'POST /runner/pairings': { who: 'runner' },
  'GET /runner/pairings/:id': { who: 'runner' },
  'POST /runner/pairings/:id/answer': { who: 'runner' },
  'GET /runner/tasks': { who: 'runner' },
  'GET /runner/tasks/:id/log': { who: 'runner' },
  'POST /runner/tasks/:id/decide': { who: 'runner' },
  'GET /runner/tokens': { who: 'runner' },
  'POST /runner/tokens': { who: 'runner' },
  'DELETE /runner/tokens/:id': { who: 'runner' },
}
