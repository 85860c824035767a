import type { StageInput, StageOutcome } from '../../job/stage-protocol.ts'
import { expect, test } from 'vitest'
import { jobSpec } from '../../job/job-spec.ts'
import { jobSpecOf } from '../../testing/job-spec.ts'
import { runStages } from './run-stages.ts'

const SECRETS = { git: { serverUrl: 'https://git', token: 'the-git-token' }, model: { apiKey: 'the-model-key', oauthToken: null, baseUrl: null } }
const USAGE = { costUsd: 0, inputTokens: 0, outputTokens: 0 }
const SHA = 'a'.repeat(40)

const OUTCOMES: Record<StageInput['stage'], StageOutcome> = {
  'checkout': { outcome: 'checked-out', start: SHA, onBranch: false, wip: null },
  'agent': { outcome: 'worked', summary: 'Done.', usage: USAGE },
  'publish': { outcome: 'published', head: SHA, summary: 'Done.', flags: [], usage: USAGE },
  'save-wip': { outcome: 'saved' },
}

function run(outcomes: Partial<typeof OUTCOMES> = {}) {
  const inputs: StageInput[] = []
  const result = runStages({
    folder: '/job',
    spec: jobSpec.parse(jobSpecOf()),
    secrets: SECRETS,
    runStage: async (input) => {
      inputs.push(input)
      return { ...OUTCOMES, ...outcomes }[input.stage]
    },
  })
  return { inputs, result }
}

const failed: StageOutcome = { outcome: 'failed', kind: 'checkout', reason: 'No.', usage: USAGE }
const limited: StageOutcome = { outcome: 'limited', until: 1, why: 'Later.', usage: USAGE }
const planned: StageOutcome = { outcome: 'planned', plan: 'P', questions: [], usage: USAGE }

test.each<[string, Partial<typeof OUTCOMES>, string[], StageOutcome]>([
  ['an attempt runs all stages', {}, ['checkout', 'agent', 'publish'], OUTCOMES.publish],
  ['a failed checkout ends the attempt', { checkout: failed }, ['checkout'], failed],
  ['the changes of a failed agent are saved', { agent: failed }, ['checkout', 'agent', 'save-wip'], failed],
  ['the changes before a usage limit are saved', { agent: limited }, ['checkout', 'agent', 'save-wip'], limited],
  ['a plan publishes nothing', { agent: planned }, ['checkout', 'agent'], planned],
])('%s', async (_, outcomes, stages, end) => {
  const { inputs, result } = run(outcomes)
  expect(await result).toEqual(end)
  expect(inputs.map(({ stage }) => stage)).toEqual(stages)
})

test('the agent does not get the git token, nor the checkout the model\'s key', async () => {
  const { inputs, result } = run()
  await result
  const [checkout, agent, publish] = inputs.map(input => JSON.stringify(input))
  expect([checkout, agent, publish].map(text => [text?.includes('the-git-token'), text?.includes('the-model-key')])).toEqual([
    [true, false],
    [false, true],
    [true, true],
  ])
})

test('the outcome of another stage is a bug, not a result', async () => {
  await expect(run({ publish: OUTCOMES.agent }).result).rejects.toThrow('stage publish ended with "worked"')
})
