import type { PatchOperation } from '#shared/protocol/replicache.ts'
import { messageSequence } from '#shared/model/message.ts'
import { decodeValue } from '../store/rows.ts'

/** A row that changed, or went. */
export type RowOperation = Exclude<PatchOperation, { op: 'clear' }>

/** What changed after `version`, deletions included. */
export function changesSince(sql: SqlStorage, version: number): RowOperation[] {
  return sql.exec<Row>('SELECT key, value FROM rows WHERE version > ? ORDER BY version', version)
    .toArray()
    .map(({ key, value }) => value === null ? { op: 'del', key } : { op: 'put', key, value: decodeValue(value) })
}

/** Without messages older than `floor`, which this device does not hold. */
export function aboveFloor<Change extends { key: string }>(changes: readonly Change[], floor: number): Change[] {
  return changes.filter(({ key }) => (messageSequence(key) ?? floor) >= floor)
}

/** How much that would be, before it is read. Characters. */
export function lengthOfChangesSince(sql: SqlStorage, version: number): number {
  const { length } = sql
    .exec<{ length: number | null }>('SELECT SUM(LENGTH(value)) AS length FROM rows WHERE version > ?', version)
    .one()
  return length ?? 0
}

interface Row extends Record<string, SqlStorageValue> { key: string, value: string | null }
