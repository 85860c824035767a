import type { LinkState } from '../../sync/link-state.ts'
import { flushPromises } from '@vue/test-utils'
import { expect, test } from 'vitest'
import { stage } from '../../testing/stage.ts'
import AppLink from './AppLink.vue'

test.each<[LinkState, string | null, RegExp]>([
  ['live', null, /^$/],
  ['connecting', null, /^$/],
  ['offline', null, /^Offline since .*Changes are kept\.Try now$/],
  ['unauthorized', null, /no longer paired\.Pair again$/],
  ['outdated', null, /loaded again to keep up\.Load it$/],
  ['live', 'A frame was too large.', /cannot be delivered: A frame was too large\. It is kept on this device\.$/],
])('a link that is %s (%j) is said in words', async (state, why, words) => {
  const on = stage()
  const page = on.mount(AppLink)
  on.link.value = state
  on.stuck.value = why
  await flushPromises()
  expect(page.text()).toMatch(words)
})

test('offline, a tap tries at once', async () => {
  const on = stage()
  const page = on.mount(AppLink)
  on.link.value = 'offline'
  await flushPromises()
  await page.get('button').trigger('click')
  expect(on.calls).toEqual(['wake'])
})
