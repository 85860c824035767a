import type { Route } from './route.ts'
import { expect, test } from 'vitest'
import { parseRoute, pathOf } from './route.ts'

test.each<[string, Route]>([
  ['/', { screen: 'chat' }],
  ['/tasks', { screen: 'tasks' }],
  ['/tasks/abc123def4', { screen: 'task', id: 'abc123def4' }],
  ['/inbox', { screen: 'inbox' }],
  ['/settings', { screen: 'settings' }],
  ['/search', { screen: 'search' }],
])('%s is a screen, and the screen leads back to it', (path, route) => {
  expect(parseRoute(path)).toEqual(route)
  expect(pathOf(route)).toBe(path)
})

test.each([
  ['an unknown page is the chat', '/nowhere', 'chat'],
  ['an id that cannot be is the list', '/tasks/..%2F', 'tasks'],
])('%s', (_, path, screen) => {
  expect(parseRoute(path).screen).toBe(screen)
})
