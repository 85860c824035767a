import { expect, test } from 'vitest'
import { overlayProblems } from './overlay-problems.ts'

const IMAGE = 'ghcr.io/ada/mainloop:1'

function overlay({
  image = IMAGE,
  settings = {},
  secrets = {},
}: { image?: string, settings?: Record<string, string>, secrets?: Record<string, string> | null } = {}) {
  return [
    { kind: 'Namespace', metadata: { name: 'mainloop' } },
    { kind: 'Deployment', metadata: { name: 'runner' }, spec: { template: { spec: { containers: [{ image }] } } } },
    {
      kind: 'ConfigMap',
      metadata: { name: 'runner-7f8gkt929b' },
      data: { MAINLOOP_EDGE: 'https://mainloop.ada.workers.dev', MAINLOOP_IMAGE: IMAGE, ...settings },
    },
    ...(secrets === null
      ? []
      : [{ kind: 'Secret', metadata: { name: 'runner-475g9dt4c6' }, data: { RUNNER_TOKEN: 'dA==', ANTHROPIC_API_KEY: 'aw==', ...secrets } }]),
  ]
}

test.each<[string, Parameters<typeof overlay>[0], string[]]>([
  ['a filled-in overlay', {}, []],
  ['secrets that come from elsewhere', { secrets: null }, []],
  ['a subscription in the place of the key', { secrets: { ANTHROPIC_API_KEY: '', CLAUDE_CODE_OAUTH_TOKEN: 'dA==' } }, []],
  ['the example\'s edge', { settings: { MAINLOOP_EDGE: 'https://mainloop.example.workers.dev' } }, ['MAINLOOP_EDGE']],
  [
    'the example\'s image',
    { image: 'registry.example.org/mainloop:latest', settings: { MAINLOOP_IMAGE: 'registry.example.org/mainloop:latest' } },
    ['Which image?'],
  ],
  ['workers of another image', { settings: { MAINLOOP_IMAGE: 'ghcr.io/ada/mainloop:2' } }, ['must be the same']],
  ['no runner token', { secrets: { RUNNER_TOKEN: '' } }, ['RUNNER_TOKEN']],
  ['no Claude', { secrets: { ANTHROPIC_API_KEY: '' } }, ['ask Claude']],
])('%s', (_, options, expected) => {
  expect(overlayProblems(overlay(options))).toEqual(expected.map(text => expect.stringContaining(text)))
})

test('an empty overlay has all problems but those of its secrets', () => {
  expect(overlayProblems([])).toHaveLength(3)
})
