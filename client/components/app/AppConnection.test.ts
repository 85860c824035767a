import type { ConnectionState } from '../../lib/connection-state.ts'
import { flushPromises } from '@vue/test-utils'
import { expect, test } from 'vitest'
import { createHarness } from '../../testing/harness.ts'
import AppConnection from './AppConnection.vue'

test.each<[ConnectionState, string | null, RegExp]>([
  ['live', null, /^$/],
  ['connecting', null, /^$/],
  ['offline', null, /^Offline since .*Changes are kept\.Try now$/],
  ['unauthorized', null, /no longer paired\.Pair again$/],
  ['outdated', null, /loaded again to keep up\.Load it$/],
  ['live', 'A frame was too large.', /cannot be delivered: A frame was too large\. It is kept on this device\.$/],
])('a connection that is %s (%j) has its sentence', async (state, why, message) => {
  const harness = createHarness()
  const page = harness.mount(AppConnection)
  harness.connection.value = state
  harness.stuck.value = why
  await flushPromises()
  expect(page.text()).toMatch(message)
})

test('the button of an offline device reconnects', async () => {
  const harness = createHarness()
  const page = harness.mount(AppConnection)
  harness.connection.value = 'offline'
  await flushPromises()
  await page.get('button').trigger('click')
  expect(harness.calls).toEqual(['wake'])
})
