import { toBase64url } from './base64url.ts'
import { sign } from './signing-key.ts'

/**
 * What GitHub signs the deliveries with that it sends to this token's address. Made from the token, so
 * that it need not be stored and is known before any object is asked; the address alone signs nothing.
 */
export async function webhookSecret(setupSecret: string, token: string): Promise<string> {
  return toBase64url(await sign(setupSecret, `webhook ${token}`))
}
