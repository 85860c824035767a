import { CLOSE } from '#shared/protocol/live.ts'
import { DEPLOYMENT_TOKEN } from '../auth/identity.ts'
import { DEVICE_LIFETIME_MS } from '../members/devices.ts'

export interface TokenExpiryDeps {
  sockets: () => WebSocket[]
  /** The expiry of the token that opened this socket, ms since the epoch; null when it does not expire. */
  expiresAt: (ws: WebSocket) => number | null
  now: () => number
}

export interface TokenExpiry {
  /** The time at which the first socket must be closed, ms since the epoch; null when there is none. */
  due: () => number | null
  /** Closes the sockets whose tokens have expired. */
  fire: () => void
  /** Must be called when the expiry of a token has changed. */
  changed: () => void
}

/** Closes sockets when their tokens expire. A device with a newer token reconnects with that one. */
export function createTokenExpiry({ sockets, expiresAt, now }: TokenExpiryDeps): TokenExpiry {
  // Cached for each socket, because the alarm calls `due` after every commit.
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

/** The expiry of the token with this hash, ms since the epoch; null when it has none, 0 when it was revoked. */
export function tokenExpiresAt(sql: SqlStorage, tokenHash: string): number | null {
  if (tokenHash === DEPLOYMENT_TOKEN)
    return null
  const [row] = sql.exec<{ ends: number | null }>(
    `SELECT CASE token_hash WHEN ?1 THEN issued_at + ?2 ELSE previous_until END AS ends
     FROM devices WHERE token_hash = ?1 OR previous_hash = ?1
     UNION ALL SELECT expires_at FROM tokens WHERE token_hash = ?1`,
    tokenHash,
    DEVICE_LIFETIME_MS,
  )
  return row ? row.ends : 0
}
