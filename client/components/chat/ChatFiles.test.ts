import type { Attachment, MessageFile } from '#shared/model/attachment.ts'
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
  /** Resolves when every file was read and hashed. */
  async function filesRead() {
    await vi.waitUntil(() => !page.find('[role=status]').exists(), { timeout: 300_000 })
    await flushPromises()
  }
  return {
    ...harness,
    page,
    field,
    async paste(...files: File[]) {
      await field.trigger('paste', { clipboardData: { files, getData: () => '' } })
      await filesRead()
    },
    filesRead,
    attached: () => page.findAll('[aria-label=Attached] li').map(item => item.text()),
    send: async () => {
      await field.trigger('keydown', { key: 'Enter' })
      await flushPromises()
    },
  }
}

const photo = (name = 'photo.png', content = 'photo') => new File([content], name, { type: 'image/png' })

test('a pasted picture is attached with a preview and sent with the text', async () => {
  const { page, field, calls, paste, attached, send } = pane()
  await paste(photo())
  expect([attached(), page.find('[aria-label=Attached] img').exists()]).toEqual([['photo.png5 bytes'], true])
  await field.setValue('What is this?')
  await send()
  const [call] = calls
  expect(call).toMatch(/^sendMessage .*"text":"What is this\?","files":\[\{"kind":"image","id":"[\da-f]{64}","name":"photo\.png"/)
  expect(attached()).toEqual([])
})

test('a picture can be sent without a text', async () => {
  const { calls, paste, send } = pane()
  await paste(photo())
  await send()
  expect(calls).toEqual([expect.stringContaining('"text":"","files":[')])
})

test.each([
  ['includes the file', photo(), ['photo.png'], ''],
  ['is held back if the file cannot be sent', new File([], 'empty.txt'), [], 'What is this?'],
])('a message that is sent while a file is being read %s', async (_, file, sent, left) => {
  const { field, calls, filesRead, send } = pane()
  await field.setValue('What is this?')
  void field.trigger('paste', { clipboardData: { files: [file], getData: () => '' } })
  await send()
  await filesRead()
  expect(calls.map(call => /"name":"([^"]+)"/.exec(call)?.[1])).toEqual(sent)
  expect(field.element.value).toBe(left)
})

test('dropped files are attached, and dropped text goes into the input', async () => {
  const { page, field, filesRead, attached } = pane()
  const section = page.get('section')
  await section.trigger('drop', { dataTransfer: { files: [new File(['a'], 'a.txt')], getData: () => '' } })
  await section.trigger('drop', { dataTransfer: { files: [], getData: () => 'Some words' } })
  await filesRead()
  expect([attached(), (field.element as HTMLTextAreaElement).value]).toEqual([['a.txt1 bytes'], 'Some words'])
})

test('text copied from a document is not attached as a picture', async () => {
  const { field, attached } = pane()
  await field.trigger('paste', { clipboardData: { files: [photo()], getData: () => 'Words' } })
  await flushPromises()
  expect(attached()).toEqual([])
})

test('an attached file can be removed', async () => {
  const { page, paste, attached } = pane()
  await paste(photo('a.png', 'a'), photo('b.png', 'b'))
  await page.get('[aria-label="Remove a.png"]').trigger('click')
  await flushPromises()
  expect(attached()).toEqual(['b.png1 bytes'])
})

test('too many files and unsuitable files are refused with advice', async () => {
  const { page, paste, attached } = pane()
  await paste(...Array.from({ length: 11 }, (_, n) => photo(`${n}.png`, `${n}`)))
  expect(attached()).toHaveLength(10)
  expect(page.get('[role=alert]').text()).toBe('A message can have 10 files. Send the others with the next one.')
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
  ['on its way from another device', 'coming', 'live', /On its way from another device/],
  ['not on this device', 'here', 'offline', /Not on this device\. It comes when you are online\./],
  ['refused', 'refused', 'live', /Could not be taken/],
])('a picture that is %s shows that in its place', async (_, state, to, status) => {
  const { page, connection, set } = pane()
  connection.value = to
  set({ [messageKey(1)]: message(PICTURE, state) })
  await flushPromises()
  expect(page.get('figure').text()).toMatch(status)
  expect(page.get('figure button').attributes()).toMatchObject({ 'aria-label': 'Open photo.png', 'disabled': '' })
  expect(page.get('figure button').attributes('style')).toContain('aspect-ratio: 800 / 600')
})

test('an unsent picture of this device is shown, and opens large', async () => {
  const { page, mainloop, connection, set } = pane()
  const added = await mainloop.attachments.add(photo())
  connection.value = 'offline'
  const file = added.ok ? added.file : PICTURE
  set({ [pendingMessageKey(1, 'm1')]: message(file, 'coming') })
  await flushPromises()
  expect(page.get('figure img').attributes('alt')).toBe('photo.png')
  expect(page.get('figcaption').text()).toBe('photo.png: Saved here, not sent yet')
  await page.get('[aria-label="Open photo.png"]').trigger('click')
  expect(page.get('dialog img').attributes('alt')).toBe('photo.png')
})

test('the thread names the file that Claude waits for', async () => {
  const { page, set } = pane()
  set({ [messageKey(1)]: message(PICTURE, 'coming') })
  await flushPromises()
  expect(page.text()).toContain('Claude answers when photo.png is there.')
})

function message(file: Attachment, state: MessageFile['state']) {
  return { kind: 'person' as const, id: 'm1', at: 0, text: '', files: [{ file, state }] }
}

const PICTURE: Attachment = {
  kind: 'image',
  id: 'a'.repeat(64),
  name: 'photo.png',
  mime: 'image/png',
  size: 5,
  width: 800,
  height: 600,
}
