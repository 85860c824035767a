const HASH_BYTES = 32

/** The bytes of a file on disk: the SHA-256 of the content, and the content. */
export async function seal(content: Uint8Array): Promise<Uint8Array> {
  const sealed = new Uint8Array(HASH_BYTES + content.length)
  sealed.set(await hashOf(content))
  sealed.set(content, HASH_BYTES)
  return sealed
}

/** The content of such a file; null when it is not whole. */
export async function open(sealed: Uint8Array): Promise<ArrayBuffer | null> {
  const content = sealed.slice(HASH_BYTES)
  const hash = await hashOf(content)
  return sealed.length >= HASH_BYTES && hash.every((byte, at) => byte === sealed[at]) ? content.buffer : null
}

async function hashOf(content: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', content))
}
