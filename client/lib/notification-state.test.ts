import type { NotificationFacts } from './notification-state.ts'
import { expect, test } from 'vitest'
import { notificationState } from './notification-state.ts'

const ENDPOINT = 'https://push.example/1'
const ON: NotificationFacts = {
  supported: true,
  apple: false,
  permission: 'granted',
  browserEndpoint: ENDPOINT,
  edgeEndpoint: ENDPOINT,
}

test.each<[sentence: string, facts: Partial<NotificationFacts>, state: string]>([
  ['browser and edge have the same endpoint', {}, 'on'],
  ['the permission was never requested', { permission: 'default', browserEndpoint: null, edgeEndpoint: null }, 'off'],
  ['the edge has no endpoint', { edgeEndpoint: null }, 'off'],
  ['the browser has another endpoint', { browserEndpoint: 'https://push.example/2' }, 'off'],
  ['the permission was reset', { permission: 'default' }, 'off'],
  ['the person blocked notifications', { permission: 'denied' }, 'blocked'],
  ['the browser has no Web Push', { supported: false }, 'unsupported'],
  ['an iPhone has no Web Push in a tab', { supported: false, apple: true }, 'install-first'],
])('%s', (_, facts, state) => {
  expect(notificationState({ ...ON, ...facts })).toBe(state)
})
