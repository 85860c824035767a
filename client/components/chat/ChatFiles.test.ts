import type { MessageFile } from '#shared/model/attachment.ts'
import { flushPromises } from '@vue/test-utils'
import { beforeEach, expect, test, vi } from 'vitest'
import { messageKey, pendingMessageKey } from '#shared/model/message.ts'
import { Refused } from '#shared/model/refusal.ts'
import { createHarness } from '../../testing/harness.ts'
import ChatPane from './ChatPane.vue'

beforeEach(() => localStorage.clear())

function pane() {
  const harness = createHarness()
  const page = harness.mount(ChatPane)
  const field = page.get('textarea')
  /** Until every file was read and hashed. */
  async function read() {
    await vi.waitUntil(() => !page.find('[role=status]').exists(), { timeout: 300_000 })
    await flushPromises()
  }
  return {
    ...harness,
    page,
    field,
    async paste(...files: File[]) {
      await field.trigger('paste', { clipboardData: { files, getData: () => '' } })
      await read()
    },
    read,
    attached: () => page.findAll('[aria-label=Attached] li').map(item => item.text()),
    send: async () => {
      await field.trigger('keydown', { key: 'Enter' })
      await flushPromises()
    },
  }
}

const photo = (name = 'photo.png', content = 'photo') => new File([content], name, { type: 'image/png' })

test('a pasted picture is attached, shown small, and sent with the words', async () => {
  const { page, field, calls, paste, attached, send } = pane()
  await paste(photo())
  expect([attached(), page.find('[aria-label=Attached] img').exists()]).toEqual([['photo.png5 bytes'], true])
  await field.setValue('What is this?')
  await send()
  expect(calls).toEqual([expect.stringMatching(/^sendMessage .*"text":"What is this\?","files":\[\{"kind":"image","id":"[\da-f]{64}","name":"photo\.png"/)])
  expect(attached()).toEqual([])
})

test('a picture needs no words', async () => {
  const { calls, paste, send } = pane()
  await paste(photo())
  await send()
  expect(calls).toEqual([expect.stringContaining('"text":"","files":[')])
})

test.each([
  ['takes it along', photo(), ['photo.png'], ''],
  ['waits for the person when it cannot be sent', new File([], 'empty.txt'), [], 'What is this?'],
])('a message that is sent while a file is still being read %s', async (_, file, sent, left) => {
  const { field, calls, read, send } = pane()
  await field.setValue('What is this?')
  void field.trigger('paste', { clipboardData: { files: [file], getData: () => '' } })
  await send()
  await read()
  expect(calls.map(call => /"name":"([^"]+)"/.exec(call)?.[1])).toEqual(sent)
  expect(field.element.value).toBe(left)
})

test('dropped files are attached, dropped words are written', async () => {
  const { page, field, read, attached } = pane()
  const section = page.get('section')
  await section.trigger('drop', { dataTransfer: { files: [new File(['a'], 'a.txt')], getData: () => '' } })
  await section.trigger('drop', { dataTransfer: { files: [], getData: () => 'Some words' } })
  await read()
  expect([attached(), (field.element as HTMLTextAreaElement).value]).toEqual([['a.txt1 bytes'], 'Some words'])
})

test('words copied from a document stay words, though it comes with a picture of itself', async () => {
  const { field, attached } = pane()
  await field.trigger('paste', { clipboardData: { files: [photo()], getData: () => 'Words' } })
  await flushPromises()
  expect(attached()).toEqual([])
})

test('one can be taken off again', async () => {
  const { page, paste, attached } = pane()
  await paste(photo('a.png', 'a'), photo('b.png', 'b'))
  await page.get('[aria-label="Remove a.png"]').trigger('click')
  await flushPromises()
  expect(attached()).toEqual(['b.png1 bytes'])
})

test('more than a message can have, and what cannot be sent, is said with what to do', async () => {
  const { page, paste, attached } = pane()
  await paste(...Array.from({ length: 11 }, (_, n) => photo(`${n}.png`, `${n}`)))
  expect([attached().length, page.get('[role=alert]').text()]).toEqual([10, 'A message can have 10 files. Send the others with the next one.'])
  await page.get('[aria-label="Remove 0.png"]').trigger('click')
  await paste(new File([new Uint8Array([0])], 'a.zip'))
  expect(page.get('[role=alert]').text()).toContain('a.zip is neither a picture nor a text')
})

test('a message that this device refuses keeps its files', async () => {
  const { refuse, paste, send, attached } = pane()
  refuse(new Refused('too-large', 'Too much.'))
  await paste(photo())
  await send()
  expect(attached()).toEqual(['photo.png5 bytes'])
})

test.each<[string, MessageFile['state'], 'live' | 'offline', RegExp]>([
  ['on its way from elsewhere', 'coming', 'live', /On its way from another device/],
  ['not on this device', 'here', 'offline', /Not on this device\. It comes when you are online\./],
  ['refused', 'refused', 'live', /Could not be taken/],
])('a picture that is %s says so, in its place', async (_, state, to, words) => {
  const { page, connection, set } = pane()
  connection.value = to
  set({ [messageKey(1)]: { kind: 'person', id: 'm1', at: 0, text: '', files: [{ file: PICTURE, state }] } })
  await flushPromises()
  expect(page.get('figure').text()).toMatch(words)
  expect(page.get('figure button').attributes()).toMatchObject({ 'aria-label': 'Open photo.png', 'disabled': '' })
  expect(page.get('figure button').attributes('style')).toContain('aspect-ratio: 800 / 600')
})

test('a picture of this device is shown while it waits, and opens large', async () => {
  const { page, mainloop, connection, set } = pane()
  const added = await mainloop.attachments.add(photo())
  connection.value = 'offline'
  set({ [pendingMessageKey(1, 'm1')]: { kind: 'person', id: 'm1', at: 0, text: '', files: [{ file: added.ok ? added.file : PICTURE, state: 'coming' }] } })
  await flushPromises()
  expect([page.get('figure img').attributes('alt'), page.get('figcaption').text()]).toEqual(['photo.png', 'photo.png: Saved here, not sent yet'])
  await page.get('[aria-label="Open photo.png"]').trigger('click')
  expect(page.get('dialog img').attributes('alt')).toBe('photo.png')
})

test('while Claude waits for a file it says for which', async () => {
  const { page, set } = pane()
  set({ [messageKey(1)]: { kind: 'person', id: 'm1', at: 0, text: 'What is this?', files: [{ file: PICTURE, state: 'coming' }] } })
  await flushPromises()
  expect(page.text()).toContain('Claude answers when photo.png is there.')
})

const PICTURE = { kind: 'image', id: 'a'.repeat(64), name: 'photo.png', mime: 'image/png', size: 5, width: 800, height: 600 } as const
