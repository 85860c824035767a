import type { PushSubscription } from '#shared/protocol/notifications.ts'
import type { Backoff } from './backoff.ts'
import * as z from 'zod'
import { DEVICE_LIFETIME_MS } from '../members/devices.ts'

/** A device's address at its push service, with the state of delivery. */
export interface WebPushSubscription extends PushSubscription {
  device: string
  /** The page's own origin, which push services require as a contact. */
  origin: string
  /** The marks of the pending notices that it has received. */
  told: readonly string[]
  backoff: Backoff
}

/** More devices than a person carries. Limited because each costs a request for every notice. */
export const MAX_SUBSCRIPTIONS = 20

/** Lists the subscriptions of devices that have not expired. */
export function listSubscriptions(sql: SqlStorage, now: number): WebPushSubscription[] {
  return sql
    .exec<Row>(
      `SELECT device, endpoint, p256dh, auth, origin, told, refusals, retry_at AS retryAt
       FROM push_subscriptions WHERE device IN (${KNOWN_DEVICES}) ORDER BY device`,
      now - DEVICE_LIFETIME_MS,
    )
    .toArray()
    .map(({ p256dh, auth, told, refusals, retryAt, ...row }) => ({
      ...row,
      keys: { p256dh, auth },
      told: marks.parse(JSON.parse(told)),
      backoff: { refusals, retryAt },
    }))
}

/** The endpoint of a device's subscription; null without one. */
export function findEndpoint(sql: SqlStorage, device: string, now: number): string | null {
  return listSubscriptions(sql, now).find(one => one.device === device)?.endpoint ?? null
}

export function hasSubscriptions(sql: SqlStorage, now: number): boolean {
  const query = `SELECT 1 FROM push_subscriptions WHERE device IN (${KNOWN_DEVICES}) LIMIT 1`
  return sql.exec(query, now - DEVICE_LIFETIME_MS).toArray().length > 0
}

/**
 * Stores the only subscription of a device, and of an endpoint: a browser that is paired anew is another device. `gone`
 * means that the device was revoked meanwhile.
 */
export function putSubscription(
  sql: SqlStorage,
  { device, endpoint, keys, origin, told }: Omit<WebPushSubscription, 'backoff'>,
  now: number,
): 'taken' | 'too-many' | 'gone' {
  pruneSubscriptions(sql, now)
  if (sql.exec(`SELECT 1 WHERE ?2 IN (${KNOWN_DEVICES})`, now - DEVICE_LIFETIME_MS, device).toArray().length === 0)
    return 'gone'
  sql.exec('DELETE FROM push_subscriptions WHERE device = ? OR endpoint = ?', device, endpoint)
  const { count } = sql.exec<{ count: number }>('SELECT COUNT(*) AS count FROM push_subscriptions').one()
  if (count >= MAX_SUBSCRIPTIONS)
    return 'too-many'
  sql.exec(
    'INSERT INTO push_subscriptions (device, endpoint, p256dh, auth, origin, told) VALUES (?, ?, ?, ?, ?, ?)',
    device,
    endpoint,
    keys.p256dh,
    keys.auth,
    origin,
    JSON.stringify(told),
  )
  return 'taken'
}

/** Deletes the subscriptions of devices that have expired. */
export function pruneSubscriptions(sql: SqlStorage, now: number): void {
  sql.exec(`DELETE FROM push_subscriptions WHERE device NOT IN (${KNOWN_DEVICES})`, now - DEVICE_LIFETIME_MS)
}

const KNOWN_DEVICES = 'SELECT id FROM devices WHERE issued_at > ?1'

/** Updates a subscription, unless the device has another one meanwhile. */
export function updateSubscription(
  sql: SqlStorage,
  { device, endpoint }: WebPushSubscription,
  { told, backoff: { refusals, retryAt } }: Pick<WebPushSubscription, 'told' | 'backoff'>,
): void {
  sql.exec(
    'UPDATE push_subscriptions SET told = ?, refusals = ?, retry_at = ? WHERE device = ? AND endpoint = ?',
    JSON.stringify(told),
    refusals,
    retryAt,
    device,
    endpoint,
  )
}

export function removeSubscription(sql: SqlStorage, device: string, endpoint?: string): void {
  sql.exec(
    'DELETE FROM push_subscriptions WHERE device = ?1 AND endpoint = COALESCE(?2, endpoint)',
    device,
    endpoint ?? null,
  )
}

const marks = z.array(z.string())

type Row = Record<'device' | 'endpoint' | 'p256dh' | 'auth' | 'origin' | 'told', string> & Record<keyof Backoff, number>
