import { EdgeError } from '../http/edge-error.ts'

/** Long enough to resist guessing offline, which anyone with a token can do. Characters. */
const MIN_SECRET_LENGTH = 16

const encoder = new TextEncoder()
const keys = new Map<string, Promise<CryptoKey>>()

/**
 * The key that signs this edge's tokens, so that a forged token is refused before any object is called. It is derived
 * from the setup secret: changing that revokes every token. Throws `not-configured` for a short secret.
 */
export function signingKey(setupSecret: string | undefined): Promise<CryptoKey> {
  if (setupSecret === undefined || setupSecret.length < MIN_SECRET_LENGTH) {
    throw new EdgeError(
      'not-configured',
      `SETUP_SECRET is not set, or has fewer than ${MIN_SECRET_LENGTH} characters. "make deploy" makes one.`,
    )
  }
  const cached = keys.get(setupSecret)
  if (cached)
    return cached
  const key = derive(setupSecret)
  // The cache stays small: a deployment has one secret, and only tests have more.
  keys.set(setupSecret, key)
  return key
}

async function derive(setupSecret: string): Promise<CryptoKey> {
  const secret = await crypto.subtle.importKey('raw', encoder.encode(setupSecret), 'HKDF', false, ['deriveKey'])
  const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: encoder.encode('mainloop tokens 1') }
  const hmac = { name: 'HMAC', hash: 'SHA-256', length: 256 }
  return crypto.subtle.deriveKey(hkdf, secret, hmac, false, ['sign', 'verify'])
}

export async function sign(setupSecret: string, text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.sign('HMAC', await signingKey(setupSecret), encoder.encode(text)))
}

/** Verifies a signature in constant time. */
export async function isSigned(
  setupSecret: string,
  text: string,
  signature: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  return crypto.subtle.verify('HMAC', await signingKey(setupSecret), signature, encoder.encode(text))
}
