/** 256 bits that nobody can guess, as text for a cookie. */
export function newToken(): string {
  return toHex(crypto.getRandomValues(new Uint8Array(32)))
}

/** What is stored of a token, so that a copy of the storage opens nothing. */
export async function hashToken(token: string): Promise<string> {
  return toHex(await digest(token))
}

/** Compares in constant time; an expected secret that is not set matches nothing. */
export async function isSecret(given: string, expected: string | undefined): Promise<boolean> {
  if (!expected)
    return false
  // Digests have the same length, whatever was given.
  return crypto.subtle.timingSafeEqual(await digest(given), await digest(expected))
}

async function digest(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
}

function toHex(bytes: Uint8Array): string {
  return [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('')
}
