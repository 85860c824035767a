import type { ModelEnd } from '../model/model.ts'
import type { RetryAt } from '../store/drain.ts'
import type { EdgeTx } from '../store/store.ts'
import type { TurnDeps } from './turn-deps.ts'
import type { TurnRecord } from './turn-record.ts'
import { must } from '#shared/lib/must.ts'
import { unreachable } from '#shared/lib/unreachable.ts'
import { costOf } from '#shared/model/model-prices.ts'
import { read, rows } from '#shared/model/rows.ts'
import { TURN_KEY } from '#shared/model/turn.ts'
import { createFileReader, showFiles } from '../context/show-files.ts'
import { recordUsage } from '../model/record-usage.ts'
import { runTool } from '../tools/run-tool.ts'
import { buildRequest } from './build-request.ts'
import { classifyReply } from './classify-reply.ts'
import { closeTurn } from './close-turn.ts'
import { streamReply } from './stream-reply.ts'
import { callsOf, readResult, recordResult } from './tool-record.ts'
import { addUsage, readTurn, saveTurn } from './turn-record.ts'
import { writeReply } from './write-reply.ts'

/**
 * Runs a turn from its last complete round to its end, or until it must wait. Its whole state is in its row,
 * so a call after a crash goes on. Rejects only because of a bug or a storage error.
 */
export async function runTurn(deps: TurnDeps, id: string, signal: AbortSignal): Promise<RetryAt | void> {
  const readFile = createFileReader(deps.readFile)
  // calling → asking → streaming → storing → calling …, until the turn is closed or waits
  for (;;) {
    await runCalls(deps, id)
    const turn = await beginTry(deps, id)
    if (!turn)
      return
    const request = buildRequest(deps.store.sql, turn, deps.now())
    const messages = await showFiles(request.messages, readFile)
    const reply = await streamReply(deps, { turn, request: { ...request, messages }, signal })
    const next = await storeReply(deps, id, reply)
    if (next !== 'go on')
      return next
  }
}

/** Runs the calls of the last round that have no result yet, each in the commit that records it. */
async function runCalls(deps: TurnDeps, id: string): Promise<void> {
  const { steps } = recordOf(deps, id)
  const round = steps.length - 1
  for (const call of callsOf(steps.at(-1) ?? [])) {
    const place = { turn: id, round, call: call.id }
    await deps.store.commit(async (tx) => {
      if (readResult(deps.store.sql, place) || await isStopping(tx, id))
        return
      const result = await runTool(tx, call, deps)
      tx.sideWrite(sql => recordResult(sql, place, result))
    })
  }
}

/** Counts the try before it begins, so that a try that kills the object counts too. Null when the person stopped it. */
function beginTry({ store, newId }: TurnDeps, id: string): Promise<TurnRecord | null> {
  return store.commit(async (tx) => {
    const turn = must(readTurn(store.sql, id), 'the record of the running turn')
    if (await isStopping(tx, id)) {
      await closeTurn(tx, { turn, outcome: 'stopped', text: '' }, newId)
      return null
    }
    const begun = { ...turn, tries: turn.tries + 1 }
    await writeReply(tx, { turn: id, key: turn.reply, text: '', state: 'streaming' }, newId)
    tx.sideWrite(sql => saveTurn(sql, begun))
    return begun
  })
}

function storeReply(
  deps: TurnDeps,
  id: string,
  { text, end }: { text: string, end: ModelEnd },
): Promise<'go on' | RetryAt | void> {
  const { store, newId, modelId } = deps
  return store.commit(async (tx) => {
    const turn = recordOf(deps, id)
    tx.sideWrite(sql => addUsage(sql, id, { usage: end.usage, costUsd: costOf(modelId, end.usage) }))
    await recordUsage(tx, { model: modelId, usage: end.usage })
    if (end.stop === 'aborted' || (await isStopping(tx, id)))
      return closeTurn(tx, { turn, outcome: 'stopped', text }, newId)

    const next = classifyReply(turn, { text, end }, tx.now)
    switch (next.do) {
      case 'done':
        return closeTurn(tx, { turn, outcome: 'done', text: text + next.note }, newId)
      case 'fail':
        return closeTurn(tx, { turn, outcome: 'failed', text, why: next.why }, newId)
      case 'round':
        await writeReply(tx, { turn: id, key: turn.reply, text, state: 'done' }, newId)
        tx.sideWrite(sql =>
          saveTurn(sql, { ...turn, steps: [...turn.steps, next.content], reply: null, tries: 0, waits: 0 }),
        )
        return 'go on'
      case 'retry':
        await writeReply(tx, { turn: id, key: turn.reply, text, state: 'streaming' }, newId)
        return 'go on'
      case 'wait': {
        const { until, why, tries, waits } = next
        await writeReply(tx, { turn: id, key: turn.reply, text, state: 'streaming' }, newId)
        await tx.set(TURN_KEY, { state: 'waiting', since: tx.now, id, until, why })
        tx.sideWrite(sql => saveTurn(sql, { ...turn, tries, waits }))
        return { retryAt: until }
      }
      default:
        return unreachable(next)
    }
  })
}

function recordOf({ store }: TurnDeps, id: string): TurnRecord {
  return must(readTurn(store.sql, id), 'the record of the running turn')
}

async function isStopping(tx: EdgeTx, id: string): Promise<boolean> {
  const turn = await read(tx, rows.turn)
  return turn?.state === 'stopping' && turn.id === id
}
