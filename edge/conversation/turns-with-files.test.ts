import type { Attachment } from '#shared/model/attachment.ts'
import type { Script, TurnHarness } from './testing/turn-harness.ts'
import { expect, test } from 'vitest'
import { sendMessage } from '#shared/mutators/send-message.ts'
import { markFile } from '../attachments/message-files.ts'
import { announce, PNG, utf8 } from '../attachments/testing/files.ts'
import { FILES_TIMEOUT_MS } from './files-due.ts'
import { calling, onTurnHarness, words } from './testing/turn-harness.ts'

test('the answer waits for the picture, and the model gets it before the text', () =>
  played([() => words('A red one.')], async (harness) => {
    const photo = await announce(PNG)
    await say(harness, 'What is this?', photo)
    expect(await harness.turns.answer()).toEqual({ retryAt: harness.clock.now + FILES_TIMEOUT_MS })
    expect(harness.requests).toEqual([])

    harness.files.set(photo.id, PNG)
    await mark(harness, photo, 'here')
    await harness.turns.answer()
    expect(harness.requests[0]?.messages).toEqual([{ role: 'user', content: [
      { kind: 'image', mime: 'image/png', base64: PNG.toBase64() },
      { kind: 'text', text: '[Attached: photo.png, a picture of 4 × 3.]\nWhat is this?' },
    ] }])
    expect(await harness.lines()).toContain('claude done: A red one.')
  }))

test('a text file becomes a document with its name', () =>
  played([() => words('Tabs.')], async (harness) => {
    const notes = await announce(utf8('I like tabs.'), { kind: 'text' })
    harness.files.set(notes.id, utf8('I like tabs.'))
    await say(harness, '', notes)
    await mark(harness, notes, 'here')
    await harness.turns.answer()
    expect(harness.requests[0]?.messages[0]?.content).toEqual([
      { kind: 'document', name: 'notes.txt', text: 'I like tabs.' },
      { kind: 'text', text: '[Attached: notes.txt, a text file of 12 bytes.]' },
    ])
  }))

test.each([
  ['that is never uploaded is waited for until the timeout', 'coming', '[Attached: photo.png, a picture of 4 × 3. It has not arrived yet.]\nWhat is this?'],
  ['that was refused is not waited for', 'refused', '[Attached: photo.png, a picture of 4 × 3. It could not be taken.]\nWhat is this?'],
] as const)('a file %s', (_, state, text) =>
  played([() => words('I cannot see it.')], async (harness) => {
    const photo = await announce(PNG)
    await say(harness, 'What is this?', photo)
    await mark(harness, photo, state)
    if (state === 'coming')
      harness.clock.now += FILES_TIMEOUT_MS
    await harness.turns.answer()
    expect(harness.requests[0]?.messages[0]?.content).toEqual([{ kind: 'text', text }])
  }))

test('a vanished file is replaced by a note, and the turn goes on', () =>
  played([() => words('Pity.')], async (harness) => {
    const photo = await announce(PNG)
    await say(harness, 'What is this?', photo)
    await mark(harness, photo, 'here')
    await harness.turns.answer()
    expect(harness.requests[0]?.messages[0]?.content[0]).toEqual({ kind: 'text', text: '[photo.png is not here any more.]' })
    expect(await harness.lines()).toContain('claude done: Pity.')
  }))

test('each file is read once a turn, so that all rounds have the same content', async () => {
  const [photo, notes] = await Promise.all([announce(PNG), announce(utf8('I like tabs.'), { kind: 'text' })])
  const looking: Script = () => calling('Let me look.', { id: 'call', name: 'list_tasks', input: {} })
  let change = () => {}
  const changing: Script = (...args) => {
    change()
    return looking(...args)
  }
  await played([changing, looking, () => words('Done.')], async (harness) => {
    change = () => {
      harness.files.delete(photo.id)
      harness.files.set(notes.id, utf8('I like tabs.'))
    }
    harness.files.set(photo.id, PNG)
    await say(harness, 'What are these?', photo, notes)
    await mark(harness, photo, 'here')
    await mark(harness, notes, 'here')
    await harness.turns.answer()
    const [first, ...later] = harness.requests.map(({ messages }) => messages[0]?.content)
    expect(first?.map(({ kind }) => kind)).toEqual(['image', 'text', 'text'])
    expect(later).toEqual([first, first])
  })
})

test('messages during an upload are answered together with its message, in order', () =>
  played([() => words('Both.')], async (harness) => {
    const photo = await announce(PNG)
    await say(harness, 'one', photo)
    await harness.turns.answer()
    await harness.say('two')
    await harness.turns.answer()
    expect(harness.requests).toEqual([])
    harness.files.set(photo.id, PNG)
    await mark(harness, photo, 'here')
    await harness.turns.answer()
    expect(
      harness.requests.map(({ messages }) => messages[0]?.content.map(block => (block.kind === 'text' ? block.text.split('\n').at(-1) : block.kind))),
    ).toEqual([['image', 'one', 'two']])
  }))

function say({ store }: TurnHarness, text: string, ...files: Attachment[]): Promise<void> {
  return store.commit(tx => sendMessage(tx, { id: crypto.randomUUID(), text, files }))
}

async function mark({ store }: TurnHarness, { id }: Attachment, state: 'coming' | 'here' | 'refused'): Promise<void> {
  expect(await store.commit(tx => markFile(tx, { message: 1, id }, state))).toBe(true)
}

let harnesses = 0
function played(script: Script[], play: (harness: TurnHarness) => Promise<void>): Promise<void> {
  return onTurnHarness(`turns with files ${harnesses++}`, script, play)
}
