import type { PersonId } from './person.ts'
import { fromBase64url, toBase64url } from './base64url.ts'
import { personId } from './person.ts'
import { isSigned, sign } from './signing-key.ts'

/** What a token opens; one of another kind opens nothing. */
export type TokenKind = 'device' | 'runner' | 'mcp' | 'github' | 'setup'

/** Recognisable, so that whoever finds one in a log or a commit knows what it is. */
const PREFIX = { device: 'mld', runner: 'mlr', mcp: 'mlm', github: 'mlg', setup: 'mls' } as const satisfies Record<
  TokenKind,
  string
>

/** 256 bits. */
const RANDOM_BYTES = 32

/** Longer than any token; nothing longer is looked at. Characters. */
const MAX_LENGTH = 200

/**
 * `<prefix>.<person>.<256 random bits>.<signature>`: opaque to who
 * holds it; here it names its person without asking any storage.
 */
export function mintToken(setupSecret: string, kind: TokenKind, person: PersonId): Promise<string> {
  return signed(
    setupSecret,
    `${PREFIX[kind]}.${person}.${toBase64url(crypto.getRandomValues(new Uint8Array(RANDOM_BYTES)))}`,
  )
}

/**
 * The token that follows one of this edge's. The same each time, so that two tabs that renew at
 * once and a device whose answer was lost are all given the same; only this edge can tell it.
 */
export async function nextToken(
  setupSecret: string,
  kind: TokenKind,
  person: PersonId,
  token: string,
): Promise<string> {
  return signed(setupSecret, `${PREFIX[kind]}.${person}.${toBase64url(await sign(setupSecret, `after ${token}`))}`)
}

/** The same for the same person and secret: it can be printed again. Pairs that person's first device. */
export function setupToken(setupSecret: string, person: PersonId): Promise<string> {
  return signed(setupSecret, `${PREFIX.setup}.${person}.1`)
}

/**
 * Whose token it is, if this edge made it as one of this kind; null
 * otherwise. Whether it was revoked is the person's object's to say.
 */
export async function personOf(setupSecret: string, kind: TokenKind, token: string): Promise<PersonId | null> {
  if (token.length > MAX_LENGTH)
    return null
  const [prefix, name, secret, signature, ...more] = token.split('.')
  const person = personId.safeParse(name)
  const bytes = fromBase64url(signature ?? '')
  if (prefix !== PREFIX[kind] || !person.success || !secret || !bytes || more.length > 0)
    return null
  return await isSigned(setupSecret, `${prefix}.${person.data}.${secret}`, bytes) ? person.data : null
}

async function signed(setupSecret: string, text: string): Promise<string> {
  return `${text}.${toBase64url(await sign(setupSecret, text))}`
}
