import type { DeviceView } from '#shared/protocol/access.ts'

/** A device with its token's state. */
export interface Device extends DeviceView {
  /** The time its token was made. ms since the epoch. */
  issuedAt: number
  /** Whether it has presented the token before that one. */
  usesPreviousToken: boolean
  /** Whether it has presented its token for the first time, which ends the previous token soon. */
  isFirstUse: boolean
}

/** The precision of `seen_at`: a write for each request would cost more than it is worth. ms. */
const SEEN_PRECISION_MS = 3_600_000

const DAY_MS = 24 * 3_600_000

/** As long as browsers keep a cookie. A device in use gets a new token long before that. */
export const DEVICE_LIFETIME_MS = 400 * DAY_MS

/** Short, so that a token that leaked unnoticed is soon void. */
export const RENEW_AFTER_MS = 30 * DAY_MS

/** The previous token stays valid for this long, because other tabs of the device may still hold it. */
export const OVERLAP_MS = DAY_MS

export function addDevice(
  sql: SqlStorage,
  { id, name, createdAt }: Pick<Device, 'id' | 'name' | 'createdAt'>,
  tokenHash: string,
): void {
  // Expired devices cannot come back, so their rows are deleted.
  sql.exec('DELETE FROM devices WHERE issued_at <= ?', createdAt - DEVICE_LIFETIME_MS)
  sql.exec(
    'INSERT INTO devices (id, token_hash, name, created_at, seen_at, issued_at) VALUES (?1, ?2, ?3, ?4, ?4, ?4)',
    id,
    tokenHash,
    name,
    createdAt,
  )
}

/** The device with this token; null for a token that is unknown, expired or revoked. */
export function findDevice(sql: SqlStorage, tokenHash: string, now: number): Device | null {
  const [found] = sql.exec<Row & { hash: string, previousUntil: number }>(
    `SELECT ${FIELDS}, token_hash AS hash, previous_until AS previousUntil FROM devices
     WHERE (token_hash = ?1 OR (previous_hash = ?1 AND previous_until > ?2)) AND issued_at > ?3`,
    tokenHash,
    now,
    now - DEVICE_LIFETIME_MS,
  )
  if (!found)
    return null
  const { hash, previousUntil, ...device } = found
  if (now - device.seenAt > SEEN_PRECISION_MS)
    sql.exec('UPDATE devices SET seen_at = ? WHERE id = ?', now, device.id)
  const usesPreviousToken = hash !== tokenHash
  const isFirstUse = !usesPreviousToken && previousUntil > now + OVERLAP_MS
  if (isFirstUse)
    sql.exec('UPDATE devices SET previous_until = ? WHERE id = ?', now + OVERLAP_MS, device.id)
  return { ...device, usesPreviousToken, isFirstUse }
}

/**
 * Gives a device the token `to` after the one it has presented, unless another has followed that already. Returns
 * whether `to` is its token now. The response may be lost and the device away for long, so the old token keeps its
 * expiry until the new one is presented.
 */
export function renewDevice(
  sql: SqlStorage,
  id: string,
  { from, to }: { from: string, to: string },
  now: number,
): boolean {
  sql.exec(
    `UPDATE devices SET token_hash = ?1, previous_hash = ?2, previous_until = issued_at + ?3, issued_at = ?4
     WHERE id = ?5 AND token_hash = ?2`,
    to,
    from,
    DEVICE_LIFETIME_MS,
    now,
    id,
  )
  return sql.exec('SELECT 1 FROM devices WHERE id = ? AND token_hash = ?', id, to).toArray().length > 0
}

/** Lists the devices, the last seen first. */
export function listDevices(sql: SqlStorage): DeviceView[] {
  return sql
    .exec<Row>(`SELECT ${FIELDS} FROM devices ORDER BY seen_at DESC, id`)
    .toArray()
    .map(({ issuedAt, ...view }) => view)
}

export function removeDevice(sql: SqlStorage, id: string): void {
  sql.exec('DELETE FROM devices WHERE id = ?', id)
}

const FIELDS = 'id, name, created_at AS createdAt, seen_at AS seenAt, issued_at AS issuedAt'

type Row = Omit<Device, 'usesPreviousToken' | 'isFirstUse'> & Record<string, SqlStorageValue>
