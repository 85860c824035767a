import type { Attachment } from '#shared/model/attachment.ts'
import type { Script, Stage } from './testing/turn-harness.ts'
import { expect, test } from 'vitest'
import { sendMessage } from '#shared/mutators/send-message.ts'
import { markFile } from '../attachments/announced.ts'
import { announce, PNG, utf8 } from '../attachments/testing/files.ts'
import { FILES_TIMEOUT_MS } from './files-due.ts'
import { calling, onStage, words } from './testing/turn-harness.ts'

test('the answer waits until the picture is there, and then the model sees it before the words', () =>
  played([() => words('A red one.')], async (stage) => {
    const photo = await announce(PNG)
    await say(stage, 'What is this?', photo)
    expect(await stage.turns.answer()).toEqual({ again: stage.clock.now + FILES_TIMEOUT_MS })
    expect(stage.requests).toEqual([])

    stage.files.set(photo.id, PNG)
    await settle(stage, photo, 'here')
    await stage.turns.answer()
    expect(stage.requests[0]?.messages).toEqual([{ role: 'user', content: [
      { kind: 'image', mime: 'image/png', base64: PNG.toBase64() },
      { kind: 'text', text: '[Attached: photo.png, a picture of 4 × 3.]\nWhat is this?' },
    ] }])
    expect(await stage.lines()).toContain('claude done: A red one.')
  }))

test('a text comes as a document under its name', () =>
  played([() => words('Tabs.')], async (stage) => {
    const notes = await announce(utf8('I like tabs.'), { kind: 'text' })
    stage.files.set(notes.id, utf8('I like tabs.'))
    await say(stage, '', notes)
    await settle(stage, notes, 'here')
    await stage.turns.answer()
    expect(stage.requests[0]?.messages[0]?.content).toEqual([
      { kind: 'document', name: 'notes.txt', text: 'I like tabs.' },
      { kind: 'text', text: '[Attached: notes.txt, a text file of 12 bytes.]' },
    ])
  }))

test.each([
  ['that never comes is waited for so long and no longer', 'coming', '[Attached: photo.png, a picture of 4 × 3. It has not arrived yet.]\nWhat is this?'],
  ['that was refused is not waited for', 'refused', '[Attached: photo.png, a picture of 4 × 3. It could not be taken.]\nWhat is this?'],
] as const)('a file %s', (_, state, text) =>
  played([() => words('I cannot see it.')], async (stage) => {
    const photo = await announce(PNG)
    await say(stage, 'What is this?', photo)
    await settle(stage, photo, state)
    if (state === 'coming')
      stage.clock.now += FILES_TIMEOUT_MS
    await stage.turns.answer()
    expect(stage.requests[0]?.messages[0]?.content).toEqual([{ kind: 'text', text }])
  }))

test('a file that has vanished is said to be gone, and the turn goes on', () =>
  played([() => words('Pity.')], async (stage) => {
    const photo = await announce(PNG)
    await say(stage, 'What is this?', photo)
    await settle(stage, photo, 'here')
    await stage.turns.answer()
    expect(stage.requests[0]?.messages[0]?.content[0]).toEqual({ kind: 'text', text: '[photo.png is not here any more.]' })
    expect(await stage.lines()).toContain('claude done: Pity.')
  }))

test('each file is read once a turn, so that its later rounds show what the first did, whatever becomes of it', async () => {
  const [photo, notes] = await Promise.all([announce(PNG), announce(utf8('I like tabs.'), { kind: 'text' })])
  const looking: Script = () => calling('Let me look.', { id: 'call', name: 'list_tasks', input: {} })
  let change = () => {}
  const changing: Script = (...given) => {
    change()
    return looking(...given)
  }
  await played([changing, looking, () => words('Done.')], async (stage) => {
    change = () => {
      stage.files.delete(photo.id)
      stage.files.set(notes.id, utf8('I like tabs.'))
    }
    stage.files.set(photo.id, PNG)
    await say(stage, 'What are these?', photo, notes)
    await settle(stage, photo, 'here')
    await settle(stage, notes, 'here')
    await stage.turns.answer()
    const [first, ...later] = stage.requests.map(({ messages }) => messages[0]?.content)
    expect(first?.map(({ kind }) => kind)).toEqual(['image', 'text', 'text'])
    expect(later).toEqual([first, first])
  })
})

test('what is said while a file is awaited is answered together with it, in order', () =>
  played([() => words('Both.')], async (stage) => {
    const photo = await announce(PNG)
    await say(stage, 'one', photo)
    await stage.turns.answer()
    await stage.say('two')
    await stage.turns.answer()
    expect(stage.requests).toEqual([])
    stage.files.set(photo.id, PNG)
    await settle(stage, photo, 'here')
    await stage.turns.answer()
    expect(stage.requests.map(({ messages }) => messages[0]?.content.map(block => block.kind === 'text' ? block.text.split('\n').at(-1) : block.kind))).toEqual([['image', 'one', 'two']])
  }))

function say({ store }: Stage, text: string, ...files: Attachment[]): Promise<void> {
  return store.commit(tx => sendMessage(tx, { id: crypto.randomUUID(), text, files }))
}

async function settle({ store }: Stage, { id }: Attachment, state: 'coming' | 'here' | 'refused'): Promise<void> {
  expect(await store.commit(tx => markFile(tx, { message: 1, id }, state))).toBe(true)
}

let stages = 0
function played(script: Script[], play: (stage: Stage) => Promise<void>): Promise<void> {
  return onStage(`turns with files ${stages++}`, script, play)
}
