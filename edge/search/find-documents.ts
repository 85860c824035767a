import type { Term } from '#shared/search/parse-query.ts'

export interface FoundDocument { key: string, at: number }

/** With more matches the newest are returned unranked, because ranking all of them would take long. */
const MAX_RANKED = 2_000

/** The documents with all terms, best first, then those with some. No term is an error. */
export function findDocuments(sql: SqlStorage, terms: readonly Term[], limit: number): FoundDocument[] {
  if (terms.length === 0)
    return []
  const all = match(sql, terms.map(toMatch).join(' AND '), limit)
  if (all.length >= limit || terms.length === 1)
    return lookUp(sql, all)
  const some = match(sql, someOf(sql, terms), limit + all.length)
  return lookUp(sql, [...new Set([...all, ...some])].slice(0, limit))
}

/**
 * Matches documents with at least one of the rarest terms, ranked by all terms. A question is full of common
 * words; they do not help to find its subject, and their many matches must not exceed `MAX_RANKED`.
 */
function someOf(sql: SqlStorage, terms: readonly Term[]): string {
  const counted = terms
    .map(toMatch)
    .map(expression => ({ expression, documents: countUpTo(sql, expression, MAX_RANKED) }))
    .filter(({ documents }) => documents > 0)
    .sort((a, b) => a.documents - b.documents)
  let sum = 0
  const rare = counted.filter(({ documents }, order) => (sum += documents) < MAX_RANKED || order === 0)
  const any = (of: readonly { expression: string }[]) => `(${of.map(({ expression }) => expression).join(' OR ')})`
  return counted.length === 0 ? terms.map(toMatch).join(' OR ') : `${any(rare)} AND ${any(counted)}`
}

/** A term as a string of FTS5: its words have only letters and digits, and in quotes nothing is an operator. */
function toMatch({ words, prefix }: Term): string {
  return `"${words.join(' ')}"${prefix ? '*' : ''}`
}

function match(sql: SqlStorage, expression: string, limit: number): number[] {
  const order = countUpTo(sql, expression, MAX_RANKED) < MAX_RANKED ? 'rank' : 'rowid DESC'
  const query = `SELECT rowid AS id FROM search WHERE search MATCH ? ORDER BY ${order} LIMIT ?`
  return sql.exec<{ id: number }>(query, expression, limit).toArray().map(({ id }) => id)
}

function countUpTo(sql: SqlStorage, expression: string, most: number): number {
  const query = 'SELECT count(*) AS n FROM (SELECT 1 FROM search WHERE search MATCH ? LIMIT ?)'
  return sql.exec<{ n: number }>(query, expression, most).one().n
}

function lookUp(sql: SqlStorage, ids: readonly number[]): FoundDocument[] {
  return ids.flatMap(id =>
    sql.exec<{ key: string, at: number }>('SELECT key, at FROM search_documents WHERE id = ?', id).toArray(),
  )
}
