/** Only hashes of tokens are stored, so that a copy of the storage opens nothing. */
export async function hashToken(token: string): Promise<string> {
  return toHex(await digest(token))
}

/** Compares in constant time; nothing matches an expected secret that is not set. */
export async function isSecret(actual: string, expected: string | undefined): Promise<boolean> {
  if (!expected)
    return false
  // Digests are compared because they have the same length for every input.
  return crypto.subtle.timingSafeEqual(await digest(actual), await digest(expected))
}

async function digest(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
}

function toHex(bytes: Uint8Array): string {
  return [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('')
}
