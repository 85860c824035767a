import { EdgeError } from '../http/edge-error.ts'

/** Whoever holds one token can try secrets against its signature as fast as they like. Characters. */
const MIN_SECRET_LENGTH = 16

const encoder = new TextEncoder()
const keys = new Map<string, Promise<CryptoKey>>()

/**
 * Signs what this edge hands out, so that a forged token is refused before any object is asked. Made
 * from the setup secret: whoever changes that one takes back everything that was ever handed out.
 */
export function signingKey(setupSecret: string | undefined): Promise<CryptoKey> {
  if (setupSecret === undefined || setupSecret.length < MIN_SECRET_LENGTH) {
    throw new EdgeError(
      'not-configured',
      `SETUP_SECRET is not set, or has fewer than ${MIN_SECRET_LENGTH} characters. "make deploy" makes one.`,
    )
  }
  const known = keys.get(setupSecret)
  if (known)
    return known
  const key = derive(setupSecret)
  // One secret a deployment; only tests see more.
  keys.set(setupSecret, key)
  return key
}

async function derive(setupSecret: string): Promise<CryptoKey> {
  const secret = await crypto.subtle.importKey('raw', encoder.encode(setupSecret), 'HKDF', false, ['deriveKey'])
  const how = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: encoder.encode('mainloop tokens 1') }
  return crypto.subtle.deriveKey(how, secret, { name: 'HMAC', hash: 'SHA-256', length: 256 }, false, ['sign', 'verify'])
}

export async function sign(setupSecret: string, text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.sign('HMAC', await signingKey(setupSecret), encoder.encode(text)))
}

/** In constant time. */
export async function isSigned(
  setupSecret: string,
  text: string,
  signature: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  return crypto.subtle.verify('HMAC', await signingKey(setupSecret), signature, encoder.encode(text))
}
