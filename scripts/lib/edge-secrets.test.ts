import { expect, test } from 'vitest'
import { planSecrets } from './edge-secrets.ts'

const KEY = 'an-anthropic-key'
const SECRET = 'a-setup-secret-of-the-file'
const TOKEN = 'a-runner-token-of-the-file'

test('the first deployment makes its secrets, and says what the conversation lacks', () => {
  const { upload, made, notes } = planSecrets({ file: {}, env: {}, there: [] })
  expect(Object.keys(made)).toEqual(['SETUP_SECRET', 'RUNNER_TOKEN'])
  expect(made.SETUP_SECRET).not.toBe(made.RUNNER_TOKEN)
  expect(upload).toEqual(made)
  expect(notes).toEqual([expect.stringContaining('wrangler secret put ANTHROPIC_API_KEY')])
})

test.each([
  [
    'what the edge has is never replaced by something new',
    { file: {}, env: {}, there: ['SETUP_SECRET', 'RUNNER_TOKEN', 'ANTHROPIC_API_KEY'] },
    {},
    [/keeps the SETUP_SECRET/],
  ],
  [
    'what is in the file is what it shall have',
    { file: { SETUP_SECRET: SECRET, RUNNER_TOKEN: TOKEN, HOSTS: 'mainloop.example' }, env: { ANTHROPIC_API_KEY: KEY }, there: ['SETUP_SECRET'] },
    { SETUP_SECRET: SECRET, RUNNER_TOKEN: TOKEN, HOSTS: 'mainloop.example', ANTHROPIC_API_KEY: KEY },
    [],
  ],
  [
    'its address is not for the edge',
    { file: { SETUP_SECRET: SECRET, RUNNER_TOKEN: TOKEN, MAINLOOP_EDGE: 'https://x' }, env: {}, there: ['ANTHROPIC_API_KEY'] },
    { SETUP_SECRET: SECRET, RUNNER_TOKEN: TOKEN },
    [],
  ],
  [
    'nothing else of the environment goes there',
    { file: { SETUP_SECRET: SECRET, RUNNER_TOKEN: TOKEN }, env: { GITHUB_TOKEN: 'g', SETUP_SECRET: 'other' }, there: ['ANTHROPIC_API_KEY'] },
    { SETUP_SECRET: SECRET, RUNNER_TOKEN: TOKEN },
    [],
  ],
])('%s', (_, given, upload, notes) => {
  const plan = planSecrets(given)
  expect(plan).toMatchObject({ upload, made: {} })
  expect(Object.keys(plan.upload)).toEqual(Object.keys(upload))
  expect(plan.notes).toEqual(notes.map(note => expect.stringMatching(note)))
})

test('a secret that can be guessed is refused', () => {
  expect(() => planSecrets({ file: { SETUP_SECRET: 'hunter2' }, env: {}, there: [] })).toThrow('SETUP_SECRET in .env.deploy has fewer than 16')
})
