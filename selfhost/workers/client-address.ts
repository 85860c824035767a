import type { Network } from './networks.ts'
import { isIn, plainAddress } from './networks.ts'

/** The addresses that a request names as its origin. */
export interface Origin {
  /** The address of the connection, which nobody can choose. */
  peer: string | undefined
  /** `X-Forwarded-For`: the last entry is by the proxy in front, the others by anybody. */
  forwardedFor: string | null
}

/**
 * The address of the client. The header counts only when the connection comes from a
 * proxy that the configuration trusts; anybody else could put any address into it.
 */
export function clientAddress({ peer, forwardedFor }: Origin, proxies: readonly Network[]): string | null {
  const address = plainAddress(peer ?? '')
  if (address === null || !isIn(proxies, address))
    return address
  return plainAddress(forwardedFor?.split(',').at(-1)?.trim() ?? '') ?? address
}
