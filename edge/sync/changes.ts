import type { PatchOperation } from '#shared/protocol/replicache.ts'
import { messageSequence } from '#shared/model/message.ts'
import { decodeValue } from '../store/rows.ts'

/** A changed or deleted row. */
export type RowOperation = Exclude<PatchOperation, { op: 'clear' }>

/** The changes after `version`, deletions included. */
export function changesSince(sql: SqlStorage, version: number): RowOperation[] {
  return sql.exec<Row>('SELECT key, value FROM rows WHERE version > ? ORDER BY version', version)
    .toArray()
    .map(({ key, value }) => value === null ? { op: 'del', key } : { op: 'put', key, value: decodeValue(value) })
}

/** Leaves out messages older than `floor`, which the device does not hold. */
export function aboveFloor<Change extends { key: string }>(changes: readonly Change[], floor: number): Change[] {
  return changes.filter(({ key }) => (messageSequence(key) ?? floor) >= floor)
}

/** The size of those changes, known without reading them. Characters. */
export function lengthOfChangesSince(sql: SqlStorage, version: number): number {
  const { length } = sql
    .exec<{ length: number | null }>('SELECT SUM(LENGTH(value)) AS length FROM rows WHERE version > ?', version)
    .one()
  return length ?? 0
}

interface Row extends Record<string, SqlStorageValue> { key: string, value: string | null }
