import type { JWTVerifyGetKey } from 'jose'
import type { Env } from '../env.ts'
import { createRemoteJWKSet, errors, jwtVerify } from 'jose'
import { EdgeError } from '../http/edge-error.ts'

/** The only algorithm that Cloudflare signs with. */
const ALGORITHMS = ['RS256']

/** The difference allowed between Cloudflare's clock and ours. Seconds. */
const CLOCK_TOLERANCE_S = 30

export interface CloudflareAccess {
  keys: JWTVerifyGetKey
  /** `https://TEAM.cloudflareaccess.com` */
  issuer: string
  audience: string
}

const configured = new Map<string, CloudflareAccess>()

/**
 * Cloudflare Access of this deployment; null when it has none. jose caches the keys and fetches them again for an
 * unknown key. Throws `not-configured` for half a configuration.
 */
export function cloudflareAccessOf({
  ACCESS_ISSUER,
  ACCESS_AUDIENCE,
}: Pick<Env, 'ACCESS_ISSUER' | 'ACCESS_AUDIENCE'>): CloudflareAccess | null {
  if (!ACCESS_ISSUER && !ACCESS_AUDIENCE)
    return null
  if (!ACCESS_ISSUER || !ACCESS_AUDIENCE)
    throw new EdgeError('not-configured', 'Cloudflare Access needs both ACCESS_ISSUER and ACCESS_AUDIENCE.')
  const name = `${ACCESS_ISSUER} ${ACCESS_AUDIENCE}`
  const access = configured.get(name) ?? {
    keys: createRemoteJWKSet(new URL('/cdn-cgi/access/certs', ACCESS_ISSUER)),
    issuer: ACCESS_ISSUER,
    audience: ACCESS_AUDIENCE,
  }
  configured.set(name, access)
  return access
}

/** Whether Cloudflare Access let the request through. Rejects when its keys cannot be fetched. */
export async function passesCloudflareAccess(
  { keys, issuer, audience }: CloudflareAccess,
  assertion: string | undefined,
  now: number,
): Promise<boolean> {
  if (!assertion)
    return false
  try {
    await jwtVerify(assertion, keys, {
      algorithms: ALGORITHMS,
      issuer,
      audience,
      clockTolerance: CLOCK_TOLERANCE_S,
      requiredClaims: ['exp', 'iat'],
      currentDate: new Date(now),
    })
    return true
  }
  catch (error) {
    // A timeout is a JOSEError too, but not a fault of the assertion.
    if (error instanceof errors.JWKSTimeout || !(error instanceof errors.JOSEError))
      throw error
    return false
  }
}
