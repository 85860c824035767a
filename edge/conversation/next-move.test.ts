import type { Turn } from '#shared/model/turn.ts'
import type { Move } from './next-move.ts'
import { expect, test } from 'vitest'
import { MAX_TRIES, nextMove } from './next-move.ts'

const NOW = 1_000
const turn = { id: 'turn', since: 0 }

test.each<[string, Turn, { tries?: number, pending?: boolean, filesDue?: number }, Move['do']]>([
  ['idle without a message rests', { state: 'idle', since: 0 }, {}, 'rest'],
  ['idle with a message begins', { state: 'idle', since: 0 }, { pending: true }, 'begin'],
  ['a message waits for its files', { state: 'idle', since: 0 }, { pending: true, filesDue: NOW + 1 }, 'wait'],
  ['an interrupted turn waits for no file', { ...turn, state: 'running' }, { pending: true, filesDue: NOW + 1 }, 'resume'],
  ['a failed turn waits for a person', { ...turn, state: 'failed', why: '' }, {}, 'rest'],
  ['a message after a failed turn begins another', { ...turn, state: 'failed', why: '' }, { pending: true }, 'begin'],
  ['a stop is carried out despite pending messages', { ...turn, state: 'stopping' }, { pending: true }, 'stop'],
  ['a wait is kept', { ...turn, state: 'waiting', until: NOW + 1, why: '' }, { pending: true }, 'wait'],
  ['a wait ends on time', { ...turn, state: 'waiting', until: NOW, why: '' }, {}, 'resume'],
  ['an interrupted turn goes on', { ...turn, state: 'running' }, { tries: MAX_TRIES - 1, pending: true }, 'resume'],
  ['a turn interrupted too often is given up', { ...turn, state: 'running' }, { tries: MAX_TRIES, pending: true }, 'give-up'],
])('%s', (_, row, { tries = 0, pending = false, filesDue = null }, expected) => {
  expect(nextMove({ turn: row, tries, pending, filesDue, now: NOW }).do).toBe(expected)
})
