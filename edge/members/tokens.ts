import type { TokenView } from '#shared/protocol/access.ts'
import * as z from 'zod'
import { mcpScope } from '#shared/protocol/access.ts'

/** The precision of `seen_at`: a write for each request would cost more than it is worth. ms. */
const SEEN_PRECISION_MS = 60_000

/** More than a person needs; a program that never revokes its tokens must not fill the table. */
export const MAX_TOKENS = 100

export function addToken(
  sql: SqlStorage,
  { id, kind, name, scopes, createdAt, expiresAt }: TokenView,
  tokenHash: string,
): void {
  sql.exec(
    'INSERT INTO tokens (id, token_hash, kind, name, scopes, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
    id,
    tokenHash,
    kind,
    name,
    JSON.stringify(scopes),
    createdAt,
    expiresAt,
  )
}

/** The token with this hash; null for one that is unknown, of another kind, expired or revoked. */
export function findToken(sql: SqlStorage, kind: TokenView['kind'], tokenHash: string, now: number): TokenView | null {
  const [row] = sql.exec<Row>(
    `${SELECT} WHERE token_hash = ? AND kind = ? AND (expires_at IS NULL OR expires_at > ?)`,
    tokenHash,
    kind,
    now,
  )
  if (!row)
    return null
  if (now - (row.seenAt ?? 0) > SEEN_PRECISION_MS)
    sql.exec('UPDATE tokens SET seen_at = ? WHERE id = ?', now, row.id)
  return toView(row)
}

/** Lists the tokens, the newest first; expired ones too, to show why a program stopped working. */
export function listTokens(sql: SqlStorage): TokenView[] {
  return sql.exec<Row>(`${SELECT} ORDER BY created_at DESC, id`).toArray().map(toView)
}

export function removeToken(sql: SqlStorage, id: string): void {
  sql.exec('DELETE FROM tokens WHERE id = ?', id)
}

const SELECT
  = 'SELECT id, kind, name, scopes, created_at AS createdAt, expires_at AS expiresAt, seen_at AS seenAt FROM tokens'

type Row = Omit<TokenView, 'scopes'> & { scopes: string } & Record<string, SqlStorageValue>

function toView({ scopes, ...row }: Row): TokenView {
  return { ...row, scopes: z.array(mcpScope).parse(JSON.parse(scopes)) }
}
