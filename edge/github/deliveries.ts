/** Several times what GitHub sends in the days in which it can be asked to deliver something again. A replay older than that costs a look. */
export const MAX_REMEMBERED = 10_000

export interface Delivery {
  /** GitHub's own name for it. */
  id: string
  /** Of its body: the id is not signed, so who replays one may make up another. */
  signature: string
}

/** Whether this delivery is new; remembers it. */
export function isNewDelivery(sql: SqlStorage, { id, signature }: Delivery): boolean {
  const [row] = sql.exec<{ n: number }>('INSERT INTO deliveries (id, signature) VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING n', id, signature)
  if (!row)
    return false
  sql.exec('DELETE FROM deliveries WHERE n <= ?', row.n - MAX_REMEMBERED)
  return true
}
