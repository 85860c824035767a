import { must } from '#shared/lib/must.ts'
import { fromBase64url, toBase64url } from '../auth/base64url.ts'

/** An uncompressed point and its scalar, both in base64url. */
export interface VapidKey { publicKey: string, privateKey: string }

const encoder = new TextEncoder()
const keys = new Map<string, Promise<VapidKey>>()

/**
 * The key by which push services know this deployment (RFC 8292). It is derived from the setup secret like every other
 * key, so that nothing is stored; changing the secret ends every subscription.
 */
export function vapidKey(setupSecret: string): Promise<VapidKey> {
  const key = keys.get(setupSecret) ?? derive(setupSecret)
  // The cache stays small: a deployment has one secret, and only tests have more.
  keys.set(setupSecret, key)
  return key
}

async function derive(setupSecret: string): Promise<VapidKey> {
  const secret = await crypto.subtle.importKey('raw', encoder.encode(setupSecret), 'HKDF', false, ['deriveBits'])
  const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: encoder.encode('mainloop push 1') }
  // One secret in 2^32 gives a number that is no valid key; every use of it is an error.
  const scalar = new Uint8Array(await crypto.subtle.deriveBits(hkdf, secret, 256))
  const key = await crypto.subtle.importKey(
    'pkcs8',
    new Uint8Array([...PKCS8, ...scalar]),
    { name: 'ECDSA', namedCurve: 'P-256' },
    true,
    ['sign'],
  )
  const jwk = await crypto.subtle.exportKey('jwk', key)
  if (jwk instanceof ArrayBuffer)
    throw new TypeError('a key was exported as bytes')
  const point = (part: string | undefined) => must(fromBase64url(must(part, 'a coordinate')), 'base64url')
  return {
    publicKey: toBase64url(new Uint8Array([UNCOMPRESSED, ...point(jwk.x), ...point(jwk.y)])),
    privateKey: toBase64url(scalar),
  }
}

/** The bytes before the scalar in a private key of P-256 (RFC 5208, RFC 5915). */
const PKCS8 = Uint8Array.from(
  '3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420'.match(/../g) ?? [],
  hex => Number.parseInt(hex, 16),
)

/** The first byte of an uncompressed point (SEC 1 §2.3.3). */
const UNCOMPRESSED = 4
