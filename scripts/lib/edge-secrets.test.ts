import { expect, test } from 'vitest'
import { planSecrets } from './edge-secrets.ts'

const KEY = 'an-anthropic-key'
const SECRET = 'a-setup-secret-of-the-file'
const TOKEN = 'a-runner-token-of-the-file'

test('the first deployment creates its secrets and notes a missing key', () => {
  const { upload, created, notes } = planSecrets({ file: {}, env: {}, deployed: [] })
  expect(Object.keys(created)).toEqual(['SETUP_SECRET', 'RUNNER_TOKEN'])
  expect(created.SETUP_SECRET).not.toBe(created.RUNNER_TOKEN)
  expect(upload).toEqual(created)
  expect(notes).toEqual([expect.stringContaining('wrangler secret put ANTHROPIC_API_KEY')])
})

test.each([
  [
    'secrets of the edge are never replaced by new ones',
    { file: {}, env: {}, deployed: ['SETUP_SECRET', 'RUNNER_TOKEN', 'ANTHROPIC_API_KEY'] },
    {},
    [/keeps the SETUP_SECRET/],
  ],
  [
    'secrets of the file are uploaded',
    { file: { SETUP_SECRET: SECRET, RUNNER_TOKEN: TOKEN, HOSTS: 'mainloop.example' }, env: { ANTHROPIC_API_KEY: KEY }, deployed: ['SETUP_SECRET'] },
    { SETUP_SECRET: SECRET, RUNNER_TOKEN: TOKEN, HOSTS: 'mainloop.example', ANTHROPIC_API_KEY: KEY },
    [],
  ],
  [
    'the edge does not get its address',
    { file: { SETUP_SECRET: SECRET, RUNNER_TOKEN: TOKEN, MAINLOOP_EDGE: 'https://x' }, env: {}, deployed: ['ANTHROPIC_API_KEY'] },
    { SETUP_SECRET: SECRET, RUNNER_TOKEN: TOKEN },
    [],
  ],
  [
    'no other variable of the environment is uploaded',
    { file: { SETUP_SECRET: SECRET, RUNNER_TOKEN: TOKEN }, env: { GITHUB_TOKEN: 'g', SETUP_SECRET: 'other' }, deployed: ['ANTHROPIC_API_KEY'] },
    { SETUP_SECRET: SECRET, RUNNER_TOKEN: TOKEN },
    [],
  ],
])('%s', (_, sources, upload, notes) => {
  const plan = planSecrets(sources)
  expect(plan).toMatchObject({ upload, created: {} })
  expect(Object.keys(plan.upload)).toEqual(Object.keys(upload))
  expect(plan.notes).toEqual(notes.map(note => expect.stringMatching(note)))
})

test('a short secret is refused', () => {
  expect(() => planSecrets({ file: { SETUP_SECRET: 'hunter2' }, env: {}, deployed: [] })).toThrow('SETUP_SECRET in .env.deploy has fewer than 16')
})
