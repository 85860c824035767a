import type { ModelFailure } from '../model/model.ts'
import type { Reply, ReplyAction } from './classify-reply.ts'
import { expect, test } from 'vitest'
import { NO_USAGE } from '../model/model.ts'
import { classifyReply, MAX_ROUNDS } from './classify-reply.ts'

const NOW = 1_000_000

const call = { kind: 'tool-call' as const, id: 'a', name: 'list_tasks', input: {} }
const end = (stop: 'done' | 'tools' | 'length' | 'refused', ...content: typeof call[]): Reply['end'] => ({ kind: 'end', stop, content, usage: NO_USAGE })
const failed = (failure: ModelFailure): Reply['end'] => ({ kind: 'end', stop: 'error', failure, usage: NO_USAGE })
const turn = ({ rounds = 0, tries = 1, waits = 0 }) => ({ steps: Array.from({ length: rounds }, () => [call]), tries, waits })

test.each<[string, { rounds?: number, tries?: number, waits?: number }, Reply, Partial<ReplyAction>]>([
  ['text ends the turn', {}, { text: 'Hi', end: end('done') }, { do: 'done', note: '' }],
  ['calls ask for another round', {}, { text: '', end: end('tools', call) }, { do: 'round', content: [call] }],
  ['calls are run also when the reply claims to be done', {}, { text: 'Hi', end: end('done', call) }, { do: 'round' }],
  ['calls after the last round fail', { rounds: MAX_ROUNDS }, { text: '', end: end('tools', call) }, { do: 'fail' }],
  ['an empty reply is retried', {}, { text: ' \n', end: end('done') }, { do: 'retry' }],
  ['an empty reply after tools ends the turn', { rounds: 1 }, { text: '', end: end('done') }, { do: 'done' }],
  ['a tool reply without a call is retried', { rounds: 1 }, { text: '', end: end('tools') }, { do: 'retry' }],
  [
    'a reply at its limit says so',
    {},
    { text: 'Long', end: end('length') },
    { do: 'done', note: '\n\n*This reply reached its length limit. Say “go on” for the rest.*' },
  ],
  ['a call cut at the limit does not run', {}, { text: 'Long', end: end('length', call) }, { do: 'done' }],
  ['a refusal without text gets a note', {}, { text: '', end: end('refused') }, { do: 'done', note: '*Claude declined to answer this.*' }],
  ['a cut is retried', { tries: 2 }, { text: 'Ha', end: failed({ kind: 'cut', message: 'm' }) }, { do: 'retry' }],
  ['the third cut fails', { tries: 3 }, { text: 'Ha', end: failed({ kind: 'cut', message: 'm' }) }, { do: 'fail', why: 'm' }],
  [
    'a limit waits until its reset and does not count as a try',
    { tries: 3 },
    { text: '', end: failed({ kind: 'rate-limited', message: 'm', retryAt: NOW + 7_000 }) },
    { do: 'wait', until: NOW + 7_000, tries: 2, waits: 1 },
  ],
  [
    'a limit that seems over is waited for a minimum time',
    {},
    { text: '', end: failed({ kind: 'rate-limited', message: 'm', retryAt: NOW - 5 }) },
    { do: 'wait', until: NOW + 1_000 },
  ],
  [
    'an overload waits longer each time',
    { waits: 3 },
    { text: '', end: failed({ kind: 'overloaded', message: 'm', retryAt: null }) },
    { do: 'wait', until: NOW + 40_000, waits: 4 },
  ],
  [
    'an overload never waits longer than five minutes',
    { waits: 19 },
    { text: '', end: failed({ kind: 'overloaded', message: 'm', retryAt: null }) },
    { do: 'wait', until: NOW + 300_000 },
  ],
  ['an overload that does not end fails', { waits: 20 }, { text: '', end: failed({ kind: 'overloaded', message: 'm', retryAt: null }) }, { do: 'fail' }],
  [
    'a model that cannot be reached is retried later',
    { tries: 1 },
    { text: '', end: failed({ kind: 'unavailable', message: 'm' }) },
    { do: 'wait', until: NOW + 5_000, tries: 1, waits: 0 },
  ],
  ['a third time unreachable fails', { tries: 3 }, { text: '', end: failed({ kind: 'unavailable', message: 'm' }) }, { do: 'fail', why: 'm' }],
  ['a wrong key fails at once', {}, { text: '', end: failed({ kind: 'credential', message: 'm' }) }, { do: 'fail', why: 'm' }],
  ['an empty balance fails at once', {}, { text: '', end: failed({ kind: 'balance', message: 'm' }) }, { do: 'fail', why: 'm' }],
  ['a refused request fails at once', {}, { text: '', end: failed({ kind: 'bad-request', message: 'm' }) }, { do: 'fail', why: 'm' }],
])('%s', (_, progress, reply, action) => {
  expect(classifyReply(turn(progress), reply, NOW)).toMatchObject(action)
})
