import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mintToken, personOf, setupToken } from './signed-token.ts'

const SECRET = 'a-setup-secret-of-this-test'

test('a token names its person, and no two tokens are the same', async () => {
  const [one, two] = [await mintToken(SECRET, 'device', 'ada'), await mintToken(SECRET, 'device', 'ada')]
  expect(one).toMatch(/^mld\.ada\.[\w-]{43}\.[\w-]{43}$/)
  expect(one).not.toBe(two)
  expect(await personOf(SECRET, 'device', one)).toBe('ada')
})

test('a person\'s setup token is the same each time, and names only them', async () => {
  expect(await setupToken(SECRET, 'ada')).toBe(await setupToken(SECRET, 'ada'))
  expect(await personOf(SECRET, 'setup', await setupToken(SECRET, 'ada'))).toBe('ada')
})

test.each([undefined, '', 'hunter2'])('a deployment with the setup secret %s verifies nothing and gives the reason', async (secret) => {
  const token = await mintToken(SECRET, 'device', 'ada')
  await expect((async () => personOf(secret as string, 'device', token))()).rejects.toThrow('"make deploy" makes one')
})

describe('no person is named by', () => {
  const token = mintToken(SECRET, 'device', 'ada')
  test.each([
    ['a token of another kind', async () => mintToken(SECRET, 'mcp', 'ada')],
    ['a setup token', async () => setupToken(SECRET, 'ada')],
    ['a token of another deployment', async () => mintToken('another-setup-secret', 'device', 'ada')],
    ['a token whose person was changed', async () => (await token).replace('.ada.', '.bob.')],
    ['a token whose kind was changed', async () => (await mintToken(SECRET, 'mcp', 'ada')).replace('mlm', 'mld')],
    ['a token that was cut short', async () => (await token).slice(0, -1)],
    ['a token without its signature', async () => (await token).split('.').slice(0, 3).join('.')],
    ['a token with an empty signature', async () => `${(await token).split('.').slice(0, 3).join('.')}.`],
    ['a token with something behind it', async () => `${await token}.x`],
    ['a token of a person with a strange name', async () => mintToken(SECRET, 'device', '../ada')],
    ['a very long text', async () => `mld.ada.${'a'.repeat(1_000_000)}.b`],
    ['nothing', async () => ''],
  ])('%s', async (_, make) => {
    expect(await personOf(SECRET, 'device', await make())).toBeNull()
  })

  test('any other text', async () => {
    const parts = fc.array(fc.oneof(fc.string(), fc.constantFrom('mld', 'ada', '', 'AAAA')), { maxLength: 6 })
    await fc.assert(fc.asyncProperty(parts.map(list => list.join('.')), async text => await personOf(SECRET, 'device', text) === null), { numRuns: 300 })
  })
})
