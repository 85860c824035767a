import { toBase64url } from './base64url.ts'
import { sign } from './signing-key.ts'

/**
 * The secret with which GitHub signs its deliveries to this token's address. It is derived from the token, so that it
 * need not be stored and is known before any object is called. The address alone does not reveal it.
 */
export async function webhookSecret(setupSecret: string, token: string): Promise<string> {
  return toBase64url(await sign(setupSecret, `webhook ${token}`))
}
