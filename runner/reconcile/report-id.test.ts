import type { RunnerEvent } from '#shared/model/task-event.ts'
import { expect, test } from 'vitest'
import { reportId } from './report-id.ts'

test.each<[string, RunnerEvent, string]>([
  ['the start of an attempt happens once', { kind: 'started', attempt: 2 }, 't/2/started'],
  ['a merge happens once', { kind: 'merged' }, 't/merged'],
  ['a verdict may come again', { kind: 'checks', head: 'a'.repeat(40), verdict: { kind: 'none' } }, 't/checks/u'],
  ['a block may come again', { kind: 'unblocked' }, 't/unblocked/u'],
])('%s', (_, event, id) => {
  expect(reportId('t', event, () => 'u')).toBe(id)
})
