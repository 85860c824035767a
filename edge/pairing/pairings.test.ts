import type { PairingDeps } from './pairings.ts'
import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { countFailure, FAILURE_WINDOW_MS, MAX_FAILURES, MAX_SHORT_FAILURES, SHORT_CODES } from './attempts.ts'
import { answerPairing, claimPairing, finishPairing, lookAtPairing, offerPairing, PAIRING_LIFETIME_MS } from './pairings.ts'
import { newShortCode, readShortCode } from './short-code.ts'

interface Lobby extends PairingDeps { pass: (ms: number) => void }

/** A lobby of its own on real SQLite, with a clock of its own. */
function inLobby(play: (lobby: Lobby) => Promise<void>): Promise<void> {
  return runInDurableObject(env.LOBBY.get(env.LOBBY.newUniqueId()), (_, { storage }) => {
    let now = 1_000_000
    let id = 0
    return play({ sql: storage.sql, now: () => now, newId: () => `id${id++}`, pass: ms => void (now += ms) })
  })
}

async function offer(lobby: Lobby, person = 'ada') {
  const offered = await offerPairing(lobby, person)
  return must(offered.ok ? offered.offer : null, 'an offer')
}

const claim = (lobby: Lobby, code: string, address = 'there') => claimPairing(lobby, { code, name: 'Phone', address })
const finish = (lobby: Lobby, claim: string, address = 'there') => finishPairing(lobby, { claim, address })

test('a device comes in with a code, once the person has compared the words on both screens', () => inLobby(async (lobby) => {
  const { id, code } = await offer(lobby)
  expect(lookAtPairing(lobby, 'ada', id)).toEqual({ state: 'open' })
  const claimed = await claim(lobby, code)
  const { claim: secret, phrase } = must(claimed.ok ? claimed : null, 'a claim')
  expect(phrase).toMatch(/^[a-z]+ [a-z]+ [a-z]+$/)
  expect(lookAtPairing(lobby, 'ada', id)).toEqual({ state: 'claimed', name: 'Phone', phrase })
  expect(await finish(lobby, secret)).toEqual({ ok: true, state: 'waiting' })
  expect(answerPairing(lobby, 'ada', id, true)).toEqual({ state: 'accepted' })
  expect(await finish(lobby, secret)).toEqual({ ok: true, state: 'paired', person: 'ada', name: 'Phone' })
  expect(await finish(lobby, secret)).toEqual({ ok: false, kind: 'wrong' })
  expect(lookAtPairing(lobby, 'ada', id)).toEqual({ state: 'over' })
}))

test('the short code works however it is typed', () => inLobby(async (lobby) => {
  const { short } = await offer(lobby)
  expect(await claim(lobby, ` ${short.toLowerCase().replace('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')} `)).toMatchObject({ ok: true })
}))

describe('nobody comes in', () => {
  test('with a code that was used, in either of its forms', () => inLobby(async (lobby) => {
    const { code, short } = await offer(lobby)
    expect((await claim(lobby, code)).ok).toBe(true)
    for (const again of [code, short])
      expect(await claim(lobby, again)).toEqual({ ok: false, kind: 'wrong' })
  }))

  test('when two race for one code: one is first', () => inLobby(async (lobby) => {
    const { code, short } = await offer(lobby)
    const claims = await Promise.all([claim(lobby, code, 'a'), claim(lobby, short, 'b'), claim(lobby, code, 'c')])
    expect(claims.filter(({ ok }) => ok)).toHaveLength(1)
  }))

  test('after ten minutes, with the code or the claim', () => inLobby(async (lobby) => {
    const [{ code }, later] = [await offer(lobby), await offer(lobby)]
    const claimed = await claim(lobby, later.code)
    answerPairing(lobby, 'ada', later.id, true)
    lobby.pass(PAIRING_LIFETIME_MS)
    expect(await claim(lobby, code)).toEqual({ ok: false, kind: 'wrong' })
    expect(await finish(lobby, claimed.ok ? claimed.claim : '')).toEqual({ ok: false, kind: 'wrong' })
    expect(lookAtPairing(lobby, 'ada', later.id)).toEqual({ state: 'over' })
  }))

  test('whom the person refused', () => inLobby(async (lobby) => {
    const { id, code } = await offer(lobby)
    const claimed = await claim(lobby, code)
    answerPairing(lobby, 'ada', id, false)
    expect(await finish(lobby, claimed.ok ? claimed.claim : '')).toEqual({ ok: false, kind: 'wrong' })
  }))

  test('by the word of another person, who does not even see the invitation', () => inLobby(async (lobby) => {
    const { id, code } = await offer(lobby)
    const claimed = await claim(lobby, code)
    expect(lookAtPairing(lobby, 'bob', id)).toEqual({ state: 'over' })
    answerPairing(lobby, 'bob', id, true)
    answerPairing(lobby, 'bob', id, false)
    expect(await finish(lobby, claimed.ok ? claimed.claim : '')).toEqual({ ok: true, state: 'waiting' })
  }))

  test('who was accepted before anybody showed the code', () => inLobby(async (lobby) => {
    const { id, code } = await offer(lobby)
    expect(answerPairing(lobby, 'ada', id, true)).toEqual({ state: 'open' })
    const claimed = await claim(lobby, code)
    expect(await finish(lobby, claimed.ok ? claimed.claim : '')).toEqual({ ok: true, state: 'waiting' })
  }))
})

describe('guessing', () => {
  test('from one address is over after a few tries, even with the right code, and begins anew later', () => inLobby(async (lobby) => {
    const { code } = await offer(lobby)
    for (let n = 0; n < MAX_FAILURES; n++)
      expect(await claim(lobby, newShortCode())).toEqual({ ok: false, kind: 'wrong' })
    expect(await claim(lobby, code)).toEqual({ ok: false, kind: 'locked' })
    expect(await finish(lobby, 'x')).toEqual({ ok: false, kind: 'locked' })
    lobby.pass(FAILURE_WINDOW_MS)
    expect((await claim(lobby, (await offer(lobby)).code)).ok).toBe(true)
  }))

  test('from many addresses locks the short codes for all, and leaves the links', () => inLobby(async (lobby) => {
    const { code, short } = await offer(lobby)
    for (let n = 0; n < MAX_SHORT_FAILURES; n++)
      await claim(lobby, newShortCode(), `address ${n}`)
    expect(await claim(lobby, short, 'elsewhere')).toEqual({ ok: false, kind: 'locked' })
    expect((await claim(lobby, code, 'elsewhere')).ok).toBe(true)
  }))
})

test('a flood of guesses from everywhere costs each of them no more than the first, and is forgotten', () => inLobby(async (lobby) => {
  for (let n = 0; n < 2_000; n++)
    countFailure(lobby.sql, `network ${n}`, 1_000_000)
  const begun = lobby.sql.exec('DELETE FROM attempts WHERE since <= ?', 999_999 - FAILURE_WINDOW_MS)
  begun.toArray()
  expect(begun.rowsRead).toBeLessThan(10)
  lobby.pass(FAILURE_WINDOW_MS)
  await claim(lobby, newShortCode())
  expect(lobby.sql.exec('SELECT bucket FROM attempts ORDER BY bucket').toArray().map(({ bucket }) => bucket)).toEqual([SHORT_CODES, 'there'])
}))

test('only a few invitations are open at a time, for each person', () => inLobby(async (lobby) => {
  for (let n = 0; n < 5; n++)
    await offer(lobby)
  expect(await offerPairing(lobby, 'ada')).toEqual({ ok: false, kind: 'too-many' })
  expect((await offerPairing(lobby, 'bob')).ok).toBe(true)
}))

test('neither code nor claim is stored as it is', () => inLobby(async (lobby) => {
  const { code, short } = await offer(lobby)
  const claimed = await claim(lobby, code)
  const stored = JSON.stringify(lobby.sql.exec('SELECT * FROM pairings').toArray())
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
