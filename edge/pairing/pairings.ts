import type { PairingOffer, PairingView } from '#shared/protocol/access.ts'
import type { PersonId } from '../auth/person-id.ts'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { toBase64url } from '../auth/base64url.ts'
import { hashToken } from '../auth/secrets.ts'
import { countFailure, isLocked, SHORT_CODES } from './attempts.ts'
import { newShortCode, readShortCode } from './short-code.ts'

/** Long enough to fetch the new device. */
export const PAIRING_LIFETIME_MS = 600_000

/** More than a person needs at a time to add devices. */
const MAX_OPEN_PAIRINGS = 5

/** 256 bits. */
const CODE_BYTES = 32

export interface PairingDeps {
  sql: SqlStorage
  now: () => number
  newId: () => string
}

export type Offered = { ok: true, offer: PairingOffer } | { ok: false, kind: 'too-many' }
export type Claimed = { ok: true, claim: string, phrase: string } | { ok: false, kind: 'wrong' | 'locked' }
export type Finished
  = | { ok: true, state: 'waiting' }
    | { ok: true, state: 'paired', person: PersonId, name: string }
    | { ok: false, kind: 'wrong' | 'locked' }

/** Opens an invitation to add a device to a person. Only hashes of its codes are stored. */
export async function offerPairing({ sql, now, newId }: PairingDeps, person: PersonId): Promise<Offered> {
  const offer = { id: newId(), code: newCode(), short: newShortCode(), expiresAt: now() + PAIRING_LIFETIME_MS }
  const [codeHash, shortHash] = await Promise.all([hashToken(offer.code), hashToken(offer.short)])
  sql.exec('DELETE FROM pairings WHERE expires_at <= ?', now())
  const { open } = sql.exec<{ open: number }>('SELECT COUNT(*) AS open FROM pairings WHERE person = ?', person).one()
  if (open >= MAX_OPEN_PAIRINGS)
    return { ok: false, kind: 'too-many' }
  sql.exec(
    'INSERT INTO pairings (id, person, code_hash, short_hash, expires_at) VALUES (?, ?, ?, ?, ?)',
    offer.id,
    person,
    codeHash,
    shortHash,
    offer.expiresAt,
  )
  return { ok: true, offer }
}

/**
 * Claims an invitation for the first device that presents its code, which is void from then on. A wrong, a used and an
 * expired code give the same answer.
 */
export async function claimPairing(
  { sql, now }: PairingDeps,
  { code, name, address }: { code: string, name: string, address: string },
): Promise<Claimed> {
  const short = readShortCode(code)
  const [hash, claim, phrase] = [await hashToken(short ?? code), newCode(), newPhrase()]
  const claimHash = await hashToken(claim)
  // There is no await from here on, so that only one of two devices that race can claim it.
  if (isLocked(sql, address, now()) || (short && isLocked(sql, SHORT_CODES, now())))
    return { ok: false, kind: 'locked' }
  const { rowsWritten } = sql.exec(
    `UPDATE pairings SET claim_hash = ?1, name = ?2, phrase = ?3
     WHERE ${short ? 'short_hash' : 'code_hash'} = ?4 AND claim_hash IS NULL AND expires_at > ?5`,
    claimHash,
    name,
    phrase,
    hash,
    now(),
  )
  if (rowsWritten > 0)
    return { ok: true, claim, phrase }
  countFailure(sql, address, now())
  if (short)
    countFailure(sql, SHORT_CODES, now())
  return { ok: false, kind: 'wrong' }
}

/** The state of an invitation; it is `over` for everyone but the person who made it. */
export function viewPairing({ sql, now }: Pick<PairingDeps, 'sql' | 'now'>, person: PersonId, id: string): PairingView {
  const [row] = sql.exec<{ name: string | null, phrase: string | null, accepted: number | null }>(
    'SELECT name, phrase, accepted FROM pairings WHERE id = ? AND person = ? AND expires_at > ?',
    id,
    person,
    now(),
  )
  if (!row)
    return { state: 'over' }
  if (row.accepted !== null)
    return { state: 'accepted' }
  return row.phrase === null || row.name === null
    ? { state: 'open' }
    : { state: 'claimed', name: row.name, phrase: row.phrase }
}

/** Records the person's answer after comparing the phrases. A no ends the invitation at any time. */
export function answerPairing(
  deps: Pick<PairingDeps, 'sql' | 'now'>,
  person: PersonId,
  id: string,
  accept: boolean,
): PairingView {
  const { sql } = deps
  const view = viewPairing(deps, person, id)
  if (!accept)
    sql.exec('DELETE FROM pairings WHERE id = ? AND person = ?', id, person)
  else if (view.state === 'claimed')
    sql.exec('UPDATE pairings SET accepted = 1 WHERE id = ? AND person = ?', id, person)
  return viewPairing(deps, person, id)
}

/** Ends all invitations of a person: a device or token that is revoked may have invited another device before. */
export function closePairings({ sql }: Pick<PairingDeps, 'sql'>, person: PersonId): void {
  sql.exec('DELETE FROM pairings WHERE person = ?', person)
}

/** Finishes an accepted pairing, once: it deletes the invitation, so that the claim cannot be used again. */
export async function finishPairing(
  { sql, now }: PairingDeps,
  { claim, address }: { claim: string, address: string },
): Promise<Finished> {
  const claimHash = await hashToken(claim)
  if (isLocked(sql, address, now()))
    return { ok: false, kind: 'locked' }
  const [row] = sql.exec<{ id: string, person: string, name: string, accepted: number | null }>(
    'SELECT id, person, name, accepted FROM pairings WHERE claim_hash = ? AND expires_at > ?',
    claimHash,
    now(),
  )
  if (!row) {
    countFailure(sql, address, now())
    return { ok: false, kind: 'wrong' }
  }
  if (row.accepted === null)
    return { ok: true, state: 'waiting' }
  sql.exec('DELETE FROM pairings WHERE id = ?', row.id)
  return { ok: true, state: 'paired', person: row.person, name: row.name }
}

function newCode(): string {
  return toBase64url(crypto.getRandomValues(new Uint8Array(CODE_BYTES)))
}

/** 33 bits, so that an attacker cannot find a second pairing with the same words. */
const WORDS = 3

/** Easy to compare on two screens and to say aloud. */
function newPhrase(): string {
  return [...crypto.getRandomValues(new Uint16Array(WORDS))].map(number => wordlist[number % wordlist.length]).join(' ')
}
