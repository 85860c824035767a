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

/** Cloudflare Access with these published keys, which a test may exchange later. */
async function createAccess(published: { keys: JWK[] }, requests: string[] = []) {
  const answer: typeof fetch = async (url) => {
    requests.push(String(url))
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

test('a valid assertion passes, and the keys are fetched once', async () => {
  const requests: string[] = []
  const access = await createAccess({ keys: [await jwk(ours, 'one')] }, requests)
  expect(await passesCloudflareAccess(access, await signed(), NOW)).toBe(true)
  expect(await passesCloudflareAccess(access, await signed(), NOW)).toBe(true)
  expect(requests).toEqual([`${ISSUER}/cdn-cgi/access/certs`])
})

test.each([
  ['nothing', async () => undefined],
  ['nonsense', async () => 'a.b.c'],
  ['no signature (alg: none)', async () => new UnsecuredJWT({}).setIssuer(ISSUER).setAudience(AUDIENCE).setExpirationTime(NOW / 1000 + 600).encode()],
  ['another key', async () => signed({ key: others.privateKey })],
  ['a key that is not published', async () => signed({ key: others.privateKey, kid: 'two' })],
  ['the public key as a shared secret (HS256)', async () => signed({ alg: 'HS256', key: new TextEncoder().encode(JSON.stringify(await jwk(ours, 'one'))) })],
  ['another application\'s audience', async () => signed({ audience: 'another' })],
  ['another team\'s issuer', async () => signed({ issuer: 'https://evil.cloudflareaccess.com' })],
  ['an expired assertion', async () => signed({ ends: -60 })],
  ['an assertion that is not valid yet', async () => signed({ begins: 60 })],
  ['changed claims', async () => {
    const [header, , signature] = (await signed()).split('.')
    const claims = { iss: ISSUER, aud: AUDIENCE, exp: NOW / 1000 + 600, iat: NOW / 1000, email: 'eve@example.com' }
    return `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`
  }],
])('%s does not pass', async (_, make) => {
  expect(await passesCloudflareAccess(await createAccess({ keys: [await jwk(ours, 'one')] }), await make(), NOW)).toBe(false)
})

test('a new key is fetched when it is first used', async () => {
  const published = { keys: [await jwk(ours, 'one')] }
  const access = await createAccess(published)
  expect(await passesCloudflareAccess(access, await signed(), NOW)).toBe(true)
  published.keys = [await jwk(others, 'two')]
  expect(await passesCloudflareAccess(access, await signed({ key: others.privateKey, kid: 'two' }), NOW)).toBe(true)
})

test('a failure to fetch the keys is an error', async () => {
  const keys = createRemoteJWKSet(new URL(ISSUER), { [customFetch]: () => Promise.reject(new TypeError('no network')) })
  await expect(passesCloudflareAccess({ keys, issuer: ISSUER, audience: AUDIENCE }, await signed(), NOW)).rejects.toThrow('no network')
})

test('half a configuration is an error', () => {
  expect(cloudflareAccessOf({})).toBeNull()
  expect(() => cloudflareAccessOf({ ACCESS_ISSUER: ISSUER })).toThrow('ACCESS_AUDIENCE')
})
