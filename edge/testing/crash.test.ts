import type { ModelEvent, ModelRequest, ToolCall } from '../model/model.ts'
import type { CrashHarness, End } from './crash-harness.ts'
import { expect, test } from 'vitest'
import { messageKey } from '#shared/model/message.ts'
import { sendMessage } from '#shared/mutators/send-message.ts'
import { markFile } from '../attachments/message-files.ts'
import { NO_USAGE } from '../model/model.ts'
import { endObject, ENDS, onCrashHarness, snapshot } from './crash-harness.ts'
import { runUntil } from './crash-points.ts'

test.each(ENDS)('a turn that ends by %s at any await resumes to the same rows, with one effect of each tool', async (end) => {
  const { passed, rows } = await runWhole(sendAndPerform)
  expect(files(passed)).toEqual(
    expect.arrayContaining([
      'conversation/run-turn',
      'conversation/stream-reply',
      'conversation/turns',
      'conversation/write-reply',
      'context/show-files',
      'store/create-store',
      'store/drain',
    ]),
  )
  expect(rows.match(/"task\/<id/g)).toHaveLength(1)
  expect(rows.match(/"note\/<id/g)).toHaveLength(1)
  await runWithCrashes({ end, points: passed.length, rows, work: sendAndPerform })
})

test.each(ENDS)('a compaction that ends by %s at any await resumes to the same rows', async (end) => {
  const { passed, rows } = await runWhole(performCompaction, fillConversation)
  expect(files(passed)).toEqual(expect.arrayContaining(['memory/compaction', 'model/record-usage', 'store/create-store', 'store/drain']))
  expect(rows).toContain('"level": 2')
  await runWithCrashes({ end, points: passed.length, rows, work: performCompaction, prepare: fillConversation })
})

const FILE_ID = '0'.repeat(64)

type Work = (harness: CrashHarness) => Promise<void>

async function runWhole(work: Work, prepare: Work = async () => {}) {
  return onCrashHarness(`whole ${crypto.randomUUID()}`, scripted, async (harness) => {
    await prepare(harness)
    const { passed } = await runUntil(() => work(harness))
    return { passed, rows: snapshot(harness.store) }
  })
}

interface CrashOptions { end: End, points: number, rows: string, work: Work, prepare?: Work }

/** For each point, runs the work up to it, ends the object there, and then runs the work to its end. */
async function runWithCrashes({ end, points, rows, work, prepare = async () => {} }: CrashOptions) {
  for (let point = 1; point <= points; point++) {
    const name = `crash ${point} ${end} ${crypto.randomUUID()}`
    const at = await onCrashHarness(name, scripted, async (harness) => {
      await prepare(harness)
      const { passed, result } = await runUntil(() => work(harness), point)
      expect(result).toBeNull()
      return passed.at(-1)
    })
    await endObject(name, end)
    await onCrashHarness(name, scripted, async (harness) => {
      await work(harness)
      expect(snapshot(harness.store), `ended at await ${point}, ${at}`).toBe(rows)
    })
  }
}

/** As a device does: sends a message until it is acknowledged, and then the file that it announced. */
async function sendAndPerform({ store, perform }: CrashHarness): Promise<void> {
  await store.commit(async (tx) => {
    if (await tx.get(messageKey(1)) === undefined) {
      await sendMessage(tx, {
        id: 'm1',
        text: 'Fix the typo, and remember what is attached.',
        files: [{ kind: 'text', id: FILE_ID, name: 'wishes.txt', size: 13 }],
      })
    }
  })
  await store.commit(tx => markFile(tx, { message: 1, id: FILE_ID }, 'here'))
  await perform()
}

async function performCompaction({ perform }: CrashHarness): Promise<void> {
  await perform()
}

/** Writes enough messages for five spans, four of which fold. */
async function fillConversation({ store }: CrashHarness): Promise<void> {
  await store.commit(async (tx) => {
    for (let n = 1; n <= 300; n++)
      await tx.set(messageKey(n), { kind: 'person', id: `m${n}`, at: n, text: `Message ${n}` })
    tx.sideWrite(sql => sql.exec('INSERT INTO meta (key, value) VALUES (\'answered_through\', \'300\')'))
  })
  store.sql.exec('INSERT INTO outbox (key, effect, due, tries) VALUES (\'compact\', \'{"kind":"compact"}\', 0, 0)')
}

/** A model that gives the same reply to the same request. */
async function* scripted({ messages, useTools }: ModelRequest): AsyncGenerator<ModelEvent> {
  const last = messages.at(-1)?.content ?? []
  if (useTools === 'always') {
    const text = last.flatMap(block => block.kind === 'text' ? block.text : []).join('')
    yield called({ name: 'keep_summary', input: { decided: [`Read ${text.length} characters.`], promised: [], open: [], facts: [] } })
  }
  else if (last.some(({ kind }) => kind === 'tool-result')) {
    yield { kind: 'text', text: 'It waits ' }
    yield { kind: 'text', text: 'for you.' }
    yield { kind: 'end', stop: 'done', content: [{ kind: 'text', text: 'It waits for you.' }], usage: USAGE }
  }
  else {
    yield { kind: 'text', text: 'I propose it.' }
    yield called(
      { name: 'spawn_task', input: { repository: 'acme/app', title: 'Fix the typo', brief: 'In the README.' } },
      { name: 'remember', input: { text: 'Likes tabs.' } },
    )
  }
}

const USAGE = { ...NO_USAGE, inputTokens: 1_000, outputTokens: 10 }

function called(...calls: Pick<ToolCall, 'name' | 'input'>[]): ModelEvent {
  return { kind: 'end', stop: 'tools', content: calls.map((call, n) => ({ kind: 'tool-call', id: `call_${n}`, ...call })), usage: USAGE }
}

function files(passed: readonly string[]): string[] {
  return [...new Set(passed.map(name => name.replace(/^edge\//, '').replace(/\.ts#\d+$/, '')))]
}
