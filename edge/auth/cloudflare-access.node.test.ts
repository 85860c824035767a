import type { JWK } from 'jose'
import { Buffer } from 'node:buffer'
import { createRemoteJWKSet, customFetch, exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import { beforeAll, expect, test } from 'vitest'
import { cloudflareAccessOf, passesCloudflareAccess } from './cloudflare-access.ts'

const ISSUER = 'https://team.cloudflareaccess.com'
const AUDIENCE = 'the-application'
const NOW = Date.UTC(2026, 10, 23)

let ours: CryptoKeyPair
let others: CryptoKeyPair
beforeAll(async () => {
  [ours, others] = await Promise.all([generateKeyPair('RS256'), generateKeyPair('RS256')]) as [CryptoKeyPair, CryptoKeyPair]
})

/** The team's published keys; `keys` may be exchanged while the wall stands. */
async function wall(published: { keys: JWK[] }, asked: string[] = []) {
  const answer: typeof fetch = async (url) => {
    asked.push(String(url))
    return Response.json(published)
  }
  const keys = createRemoteJWKSet(new URL('/cdn-cgi/access/certs', ISSUER), { [customFetch]: answer, cooldownDuration: 0 })
  return { keys, issuer: ISSUER, audience: AUDIENCE }
}

async function jwk({ publicKey }: CryptoKeyPair, kid: string): Promise<JWK> {
  return { ...await exportJWK(publicKey), kid, alg: 'RS256', use: 'sig' }
}

function signed({
  key = ours.privateKey as CryptoKeyPair['privateKey'] | Uint8Array,
  kid = 'one',
  alg = 'RS256',
  issuer = ISSUER,
  audience = AUDIENCE,
  issued = 0,
  begins = 0,
  ends = 600,
} = {}): Promise<string> {
  const at = NOW / 1000
  return new SignJWT({ email: 'ada@example.com' })
    .setProtectedHeader({ alg, kid })
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt(at + issued)
    .setNotBefore(at + begins)
    .setExpirationTime(at + ends)
    .sign(key)
}

test('who comes through Cloudflare Access passes, and the keys are asked for once', async () => {
  const asked: string[] = []
  const standing = await wall({ keys: [await jwk(ours, 'one')] }, asked)
  expect(await passesCloudflareAccess(standing, await signed(), NOW)).toBe(true)
  expect(await passesCloudflareAccess(standing, await signed(), NOW)).toBe(true)
  expect(asked).toEqual([`${ISSUER}/cdn-cgi/access/certs`])
})

test.each([
  ['nothing', async () => undefined],
  ['nonsense', async () => 'a.b.c'],
  ['no signature (alg: none)', async () => new UnsecuredJWT({}).setIssuer(ISSUER).setAudience(AUDIENCE).setExpirationTime(NOW / 1000 + 600).encode()],
  ['the key of somebody else', async () => signed({ key: others.privateKey })],
  ['a key nobody published', async () => signed({ key: others.privateKey, kid: 'two' })],
  ['the public key as a shared secret (HS256)', async () => signed({ alg: 'HS256', key: new TextEncoder().encode(JSON.stringify(await jwk(ours, 'one'))) })],
  ['another application\'s audience', async () => signed({ audience: 'another' })],
  ['another team\'s issuer', async () => signed({ issuer: 'https://evil.cloudflareaccess.com' })],
  ['a time that is over', async () => signed({ ends: -60 })],
  ['a time that has not begun', async () => signed({ begins: 60 })],
  ['claims that were changed', async () => {
    const [header, , signature] = (await signed()).split('.')
    return `${header}.${Buffer.from(JSON.stringify({ iss: ISSUER, aud: AUDIENCE, exp: NOW / 1000 + 600, iat: NOW / 1000, email: 'eve@example.com' })).toString('base64url')}.${signature}`
  }],
])('%s does not pass', async (_, make) => {
  expect(await passesCloudflareAccess(await wall({ keys: [await jwk(ours, 'one')] }), await make(), NOW)).toBe(false)
})

test('a key that was rotated in is fetched when it is first used', async () => {
  const published = { keys: [await jwk(ours, 'one')] }
  const standing = await wall(published)
  expect(await passesCloudflareAccess(standing, await signed(), NOW)).toBe(true)
  published.keys = [await jwk(others, 'two')]
  expect(await passesCloudflareAccess(standing, await signed({ key: others.privateKey, kid: 'two' }), NOW)).toBe(true)
})

test('when the keys cannot be had, nobody passes and it is an error', async () => {
  const keys = createRemoteJWKSet(new URL(ISSUER), { [customFetch]: () => Promise.reject(new TypeError('no network')) })
  await expect(passesCloudflareAccess({ keys, issuer: ISSUER, audience: AUDIENCE }, await signed(), NOW)).rejects.toThrow('no network')
})

test('half a configuration is no wall but a mistake', () => {
  expect(cloudflareAccessOf({})).toBeNull()
  expect(() => cloudflareAccessOf({ ACCESS_ISSUER: ISSUER })).toThrow('ACCESS_AUDIENCE')
})
