import { CLOSE } from '#shared/protocol/live.ts'
import { DEPLOYMENT_TOKEN } from '../auth/identity.ts'
import { DEVICE_LIFETIME_MS } from '../members/devices.ts'

export interface TokenExpiryDeps {
  sockets: () => WebSocket[]
  /**
   * When what this socket was opened with is worth nothing any
   * more, ms since the epoch; null when it does not end by itself.
   */
  expiresAt: (ws: WebSocket) => number | null
  now: () => number
}

export interface TokenExpiry {
  /** When the first socket must be closed, ms since the epoch; null when none must. */
  due: () => number | null
  /** Closes what was opened with something that has expired. */
  fire: () => void
  /** A token has another end than before. */
  changed: () => void
}

/** A socket lives no longer than the token it was opened with: whoever has a newer one comes back with that. */
export function createTokenExpiry({ sockets, expiresAt, now }: TokenExpiryDeps): TokenExpiry {
  // The alarm asks after every commit; an end is read once a socket. When the object has slept it is read again.
  let ends = new WeakMap<WebSocket, number>()

  function end(ws: WebSocket): number {
    const known = ends.get(ws) ?? expiresAt(ws) ?? Infinity
    ends.set(ws, known)
    return known
  }

  const open = () => sockets().filter(ws => ws.readyState === WebSocket.OPEN)

  return {
    due: () => {
      const first = Math.min(...open().map(end))
      return Number.isFinite(first) ? first : null
    },
    fire() {
      for (const ws of open().filter(ws => end(ws) <= now()))
        ws.close(CLOSE.expired, 'The token this was opened with has expired.')
    },
    changed: () => void (ends = new WeakMap()),
  }
}

/**
 * When the token with this hash opens nothing any more, ms since the
 * epoch: null when it lasts until it is revoked, 0 when it is gone.
 */
export function tokenExpiresAt(sql: SqlStorage, tokenHash: string): number | null {
  if (tokenHash === DEPLOYMENT_TOKEN)
    return null
  const [row] = sql.exec<{ ends: number | null }>(
    `SELECT CASE token_hash WHEN ?1 THEN issued_at + ?2 ELSE previous_until END AS ends FROM devices WHERE token_hash = ?1 OR previous_hash = ?1
     UNION ALL SELECT expires_at FROM tokens WHERE token_hash = ?1`,
    tokenHash,
    DEVICE_LIFETIME_MS,
  )
  return row ? row.ends : 0
}
