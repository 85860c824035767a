import { expect, test } from 'vitest'
import { onStorage } from '../testing/harness.ts'
import { migrate } from './migrate.ts'

const first = 'CREATE TABLE a (x)'
const second = 'CREATE TABLE b (x); INSERT INTO b VALUES (1)'
const broken = 'CREATE TABLE c (x); INSERT INTO nowhere VALUES (1)'

test('each migration runs once and in order, also when they come in two releases', () => onStorage((storage) => {
  migrate(storage, [first])
  migrate(storage, [first, second])
  migrate(storage, [first, second])
  expect(storage.sql.exec('SELECT COUNT(*) AS n FROM b').one().n).toBe(1)
}))

test('a migration that fails leaves no trace and is tried again', () => onStorage((storage) => {
  expect(() => migrate(storage, [first, broken])).toThrow()
  expect(tables(storage)).not.toContain('c')
  migrate(storage, [first, second])
  expect(tables(storage)).toEqual(expect.arrayContaining(['a', 'b']))
}))

test('storage from a newer release is refused untouched', () => onStorage((storage) => {
  migrate(storage, [first, second])
  expect(() => migrate(storage, [first])).toThrow('1 migrations ahead')
}))

function tables({ sql }: DurableObjectStorage): unknown[] {
  return sql.exec('SELECT name FROM sqlite_master WHERE type = \'table\'').toArray().map(({ name }) => name)
}
