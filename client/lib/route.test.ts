import type { Route } from './route.ts'
import { expect, test } from 'vitest'
import { parseRoute, pathOf } from './route.ts'

test.each<[string, Route]>([
  ['/', { page: 'chat' }],
  ['/tasks', { page: 'tasks' }],
  ['/tasks/abc123def4', { page: 'task', id: 'abc123def4' }],
  ['/inbox', { page: 'inbox' }],
  ['/settings', { page: 'settings' }],
  ['/search', { page: 'search' }],
])('%s is the path of a page and back', (path, route) => {
  expect(parseRoute(path)).toEqual(route)
  expect(pathOf(route)).toBe(path)
})

test.each([
  ['an unknown page is the chat', '/nowhere', 'chat'],
  ['an invalid task id is the list', '/tasks/..%2F', 'tasks'],
])('%s', (_, path, page) => {
  expect(parseRoute(path).page).toBe(page)
})
