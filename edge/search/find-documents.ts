import type { Term } from '#shared/search/parse-query.ts'

export interface FoundDocument { key: string, at: number }

/** With more matches than this, the newest are as good as the best, and ranking all of them would cost. */
const MAX_RANKED = 2_000

/** The documents with all of the terms, the best first, then those with some. Whatever the terms are, this answers. */
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
 * Documents with at least one of the rarest terms, ranked by all of them: a question is full of words that
 * are everywhere, and those neither find what it is about nor may they push it out of what can be ranked.
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

/**
 * A term as a string of FTS5: its words hold nothing but letters and digits, and inside quotes nothing is an operator.
 */
function toMatch({ words, prefix }: Term): string {
  return `"${words.join(' ')}"${prefix ? '*' : ''}`
}

function match(sql: SqlStorage, expression: string, limit: number): number[] {
  const order = countUpTo(sql, expression, MAX_RANKED) < MAX_RANKED ? 'rank' : 'rowid DESC'
  return sql
    .exec<{ id: number }>(
      `SELECT rowid AS id FROM search WHERE search MATCH ? ORDER BY ${order} LIMIT ?`,
      expression,
      limit,
    )
    .toArray()
    .map(({ id }) => id)
}

function countUpTo(sql: SqlStorage, expression: string, most: number): number {
  return sql
    .exec<{ n: number }>(
      'SELECT count(*) AS n FROM (SELECT 1 FROM search WHERE search MATCH ? LIMIT ?)',
      expression,
      most,
    )
    .one()
    .n
}

function lookUp(sql: SqlStorage, ids: readonly number[]): FoundDocument[] {
  return ids.flatMap(id =>
    sql.exec<{ key: string, at: number }>('SELECT key, at FROM search_documents WHERE id = ?', id).toArray(),
  )
}
