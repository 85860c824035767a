import type { NotificationFacts } from './notification-state.ts'
import { expect, test } from 'vitest'
import { notificationState } from './notification-state.ts'

const ON: NotificationFacts = { supported: true, apple: false, permission: 'granted', mine: 'https://push.example/1', theirs: 'https://push.example/1' }

test.each<[sentence: string, given: Partial<NotificationFacts>, state: string]>([
  ['both sides know the same place', {}, 'on'],
  ['nobody has asked yet', { permission: 'default', mine: null, theirs: null }, 'off'],
  ['the edge has forgotten it', { theirs: null }, 'off'],
  ['the browser has another one meanwhile', { mine: 'https://push.example/2' }, 'off'],
  ['the permission was taken back to a question', { permission: 'default' }, 'off'],
  ['the person has blocked it', { permission: 'denied' }, 'blocked'],
  ['the browser cannot', { supported: false }, 'unsupported'],
  ['an iPhone cannot in a tab', { supported: false, apple: true }, 'install-first'],
])('%s', (_, given, state) => {
  expect(notificationState({ ...ON, ...given })).toBe(state)
})
