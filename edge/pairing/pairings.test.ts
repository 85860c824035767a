import type { PairingDeps } from './pairings.ts'
import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { countFailure, FAILURE_WINDOW_MS, MAX_FAILURES, MAX_SHORT_FAILURES, SHORT_CODES } from './attempts.ts'
import { answerPairing, claimPairing, finishPairing, offerPairing, PAIRING_LIFETIME_MS, viewPairing } from './pairings.ts'
import { newShortCode, readShortCode } from './short-code.ts'

interface Registry extends PairingDeps { pass: (ms: number) => void }

/** Runs on a new registry with real SQLite and a clock of its own. */
function inRegistry(run: (registry: Registry) => Promise<void>): Promise<void> {
  return runInDurableObject(env.PAIRING_REGISTRY.get(env.PAIRING_REGISTRY.newUniqueId()), (_, { storage }) => {
    let now = 1_000_000
    let id = 0
    return run({ sql: storage.sql, now: () => now, newId: () => `id${id++}`, pass: ms => void (now += ms) })
  })
}

async function offer(registry: Registry, person = 'ada') {
  const offered = await offerPairing(registry, person)
  return must(offered.ok ? offered.offer : null, 'an offer')
}

const claim = (registry: Registry, code: string, address = 'address') => claimPairing(registry, { code, name: 'Phone', address })
const finish = (registry: Registry, claim: string, address = 'address') => finishPairing(registry, { claim, address })

test('a device is paired by a code, once the person has compared the phrases', () => inRegistry(async (registry) => {
  const { id, code } = await offer(registry)
  expect(viewPairing(registry, 'ada', id)).toEqual({ state: 'open' })
  const claimed = await claim(registry, code)
  const { claim: secret, phrase } = must(claimed.ok ? claimed : null, 'a claim')
  expect(phrase).toMatch(/^[a-z]+ [a-z]+ [a-z]+$/)
  expect(viewPairing(registry, 'ada', id)).toEqual({ state: 'claimed', name: 'Phone', phrase })
  expect(await finish(registry, secret)).toEqual({ ok: true, state: 'waiting' })
  expect(answerPairing(registry, 'ada', id, true)).toEqual({ state: 'accepted' })
  expect(await finish(registry, secret)).toEqual({ ok: true, state: 'paired', person: 'ada', name: 'Phone' })
  expect(await finish(registry, secret)).toEqual({ ok: false, kind: 'wrong' })
  expect(viewPairing(registry, 'ada', id)).toEqual({ state: 'over' })
}))

test('the short code works in every spelling', () => inRegistry(async (registry) => {
  const { short } = await offer(registry)
  expect(await claim(registry, ` ${short.toLowerCase().replace('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')} `)).toMatchObject({ ok: true })
}))

describe('no device is paired', () => {
  test('with a code that was used, in either of its forms', () => inRegistry(async (registry) => {
    const { code, short } = await offer(registry)
    expect((await claim(registry, code)).ok).toBe(true)
    for (const used of [code, short])
      expect(await claim(registry, used)).toEqual({ ok: false, kind: 'wrong' })
  }))

  test('twice when several claim one code at once', () => inRegistry(async (registry) => {
    const { code, short } = await offer(registry)
    const claims = await Promise.all([claim(registry, code, 'a'), claim(registry, short, 'b'), claim(registry, code, 'c')])
    expect(claims.filter(({ ok }) => ok)).toHaveLength(1)
  }))

  test('after ten minutes, with the code or the claim', () => inRegistry(async (registry) => {
    const [{ code }, later] = [await offer(registry), await offer(registry)]
    const claimed = await claim(registry, later.code)
    answerPairing(registry, 'ada', later.id, true)
    registry.pass(PAIRING_LIFETIME_MS)
    expect(await claim(registry, code)).toEqual({ ok: false, kind: 'wrong' })
    expect(await finish(registry, claimed.ok ? claimed.claim : '')).toEqual({ ok: false, kind: 'wrong' })
    expect(viewPairing(registry, 'ada', later.id)).toEqual({ state: 'over' })
  }))

  test('after the person refused it', () => inRegistry(async (registry) => {
    const { id, code } = await offer(registry)
    const claimed = await claim(registry, code)
    answerPairing(registry, 'ada', id, false)
    expect(await finish(registry, claimed.ok ? claimed.claim : '')).toEqual({ ok: false, kind: 'wrong' })
  }))

  test('by the answer of another person, who cannot even see the invitation', () => inRegistry(async (registry) => {
    const { id, code } = await offer(registry)
    const claimed = await claim(registry, code)
    expect(viewPairing(registry, 'bob', id)).toEqual({ state: 'over' })
    answerPairing(registry, 'bob', id, true)
    answerPairing(registry, 'bob', id, false)
    expect(await finish(registry, claimed.ok ? claimed.claim : '')).toEqual({ ok: true, state: 'waiting' })
  }))

  test('by a yes from before the code was presented', () => inRegistry(async (registry) => {
    const { id, code } = await offer(registry)
    expect(answerPairing(registry, 'ada', id, true)).toEqual({ state: 'open' })
    const claimed = await claim(registry, code)
    expect(await finish(registry, claimed.ok ? claimed.claim : '')).toEqual({ ok: true, state: 'waiting' })
  }))
})

describe('guessing', () => {
  test('locks one address after a few failures, even for the right code, and for a time only', () => inRegistry(async (registry) => {
    const { code } = await offer(registry)
    for (let n = 0; n < MAX_FAILURES; n++)
      expect(await claim(registry, newShortCode())).toEqual({ ok: false, kind: 'wrong' })
    expect(await claim(registry, code)).toEqual({ ok: false, kind: 'locked' })
    expect(await finish(registry, 'x')).toEqual({ ok: false, kind: 'locked' })
    registry.pass(FAILURE_WINDOW_MS)
    expect((await claim(registry, (await offer(registry)).code)).ok).toBe(true)
  }))

  test('from many addresses locks the short codes for all, but not the links', () => inRegistry(async (registry) => {
    const { code, short } = await offer(registry)
    for (let n = 0; n < MAX_SHORT_FAILURES; n++)
      await claim(registry, newShortCode(), `address ${n}`)
    expect(await claim(registry, short, 'elsewhere')).toEqual({ ok: false, kind: 'locked' })
    expect((await claim(registry, code, 'elsewhere')).ok).toBe(true)
  }))
})

test('a flood of failures makes later ones no slower, and is deleted in time', () => inRegistry(async (registry) => {
  for (let n = 0; n < 2_000; n++)
    countFailure(registry.sql, `network ${n}`, 1_000_000)
  const deletion = registry.sql.exec('DELETE FROM attempts WHERE since <= ?', 999_999 - FAILURE_WINDOW_MS)
  deletion.toArray()
  expect(deletion.rowsRead).toBeLessThan(10)
  registry.pass(FAILURE_WINDOW_MS)
  await claim(registry, newShortCode())
  expect(registry.sql.exec('SELECT bucket FROM attempts ORDER BY bucket').toArray().map(({ bucket }) => bucket)).toEqual(['address', SHORT_CODES])
}))

test('each person has only a few open invitations at a time', () => inRegistry(async (registry) => {
  for (let n = 0; n < 5; n++)
    await offer(registry)
  expect(await offerPairing(registry, 'ada')).toEqual({ ok: false, kind: 'too-many' })
  expect((await offerPairing(registry, 'bob')).ok).toBe(true)
}))

test('codes and claims are stored only as hashes', () => inRegistry(async (registry) => {
  const { code, short } = await offer(registry)
  const claimed = await claim(registry, code)
  const stored = JSON.stringify(registry.sql.exec('SELECT * FROM pairings').toArray())
  for (const secret of [code, short, claimed.ok ? claimed.claim : code])
    expect(stored).not.toContain(secret)
}))

test.each([
  ['4KX7-09TB', '4KX7-09TB'],
  ['4kx7o9tb', '4KX7-09TB'],
  ['4KX7-09T', null],
  ['4KX7-09TBB', null],
  ['4KX7-09TU', null],
  ['', null],
  ['💥'.repeat(8), null],
])('%s is read as %s', (typed, code) => {
  expect(readShortCode(typed)).toBe(code)
})
