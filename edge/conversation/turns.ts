import type { Turn } from '#shared/model/turn.ts'
import type { RetryAt } from '../store/drain.ts'
import type { EdgeTx } from '../store/store.ts'
import type { Move } from './next-move.ts'
import type { TurnDeps } from './turn-deps.ts'
import type { TurnRecord } from './turn-record.ts'
import { must } from '#shared/lib/must.ts'
import { unreachable } from '#shared/lib/unreachable.ts'
import { read, rows } from '#shared/model/rows.ts'
import { TURN_KEY } from '#shared/model/turn.ts'
import { newTaskId } from '../tasks/propose-task.ts'
import { readAnsweredThrough } from '../thread/answered-through.ts'
import { hasPersonMessageAfter, newestSequence } from '../thread/read-messages.ts'
import { closeTurn } from './close-turn.ts'
import { filesDue } from './files-due.ts'
import { nextMove } from './next-move.ts'
import { runTurn } from './run-turn.ts'
import { insertTurn, pruneTurn, readTurn, readTurnAnsweredThrough, saveTurn } from './turn-record.ts'

export interface Turns {
  /**
   * Answers pending messages, resumes an interrupted turn, ends a stopped one. Resolves when nothing is left
   * to do, or with the time to call again. A call while it runs joins the running one; that may have read the
   * rows before the caller's commit, so such a caller calls again afterwards.
   */
  answer: () => Promise<RetryAt | void>
  /** Whether `answer` has anything to do, read from the rows. */
  isWanted: () => Promise<boolean>
  /** Fails a turn that rejects on every call of `answer`: the person sees it and may retry. */
  giveUp: () => Promise<void>
}

const GAVE_UP = 'Something went wrong on our side, several times. Your messages are kept; try again.'

export function createTurns(parts: Omit<TurnDeps, 'newTaskId' | 'sql' | 'caller'> & Partial<TurnDeps>): Turns {
  const deps: TurnDeps = { newTaskId, sql: parts.store.sql, caller: { name: 'Claude', mayAct: false }, ...parts }
  const { store } = deps
  let running: Promise<RetryAt | void> | null = null
  let active: { id: string, abort: AbortController } | null = null

  store.onCommit((keys) => {
    if (active && keys.includes(TURN_KEY))
      void abortIfStopping(active)
  })

  async function abortIfStopping({ id, abort }: NonNullable<typeof active>): Promise<void> {
    const turn = await readRow()
    if (turn.state === 'stopping' && turn.id === id)
      abort.abort()
  }

  async function readRow(tx: Pick<EdgeTx, 'get'> = store.rows): Promise<Turn> {
    return await read(tx, rows.turn) ?? { state: 'idle', since: 0 }
  }

  async function answerAll(): Promise<RetryAt | void> {
    for (;;) {
      const move = await store.commit(advance)
      if (move.do === 'rest')
        return
      if (move.do === 'wait')
        return { retryAt: move.until }
      if (move.do === 'run') {
        active = { id: move.id, abort: new AbortController() }
        const retryAt = await runTurn(deps, move.id, active.abort.signal).finally(() => active = null)
        if (retryAt)
          return retryAt
      }
    }
  }

  /** Sequence number through which no message needs an answer now: those of a failed turn wait for a retry. */
  function answeredBefore(row: Turn): number {
    const failed = row.state === 'failed' ? readTurnAnsweredThrough(store.sql, row.id) : undefined
    return failed ?? readAnsweredThrough(store.sql)
  }

  /** Reads the next move from the rows. `complete`: no pending message waits for an upload. */
  async function readSituation(tx: EdgeTx): Promise<{ move: Move, turn: TurnRecord | null, complete: boolean }> {
    const row = await readRow(tx)
    const turn = row.state === 'idle' ? null : readTurn(store.sql, row.id)
    const answered = answeredBefore(row)
    const pending = hasPersonMessageAfter(store.sql, answered)
    const due = pending ? filesDue(store.sql, { after: answered, now: tx.now }) : null
    const move = nextMove({ turn: row, tries: turn?.tries ?? 0, pending, filesDue: due, now: tx.now })
    return { move, turn, complete: due === null }
  }

  /** Makes the next move in the rows. With `run` the turn's row is `running`, and the caller must run it. */
  async function advance(
    tx: EdgeTx,
  ): Promise<Extract<Move, { do: 'rest' | 'wait' }> | { do: 'run', id: string } | { do: 'read again' }> {
    const { move, turn, complete } = await readSituation(tx)
    const end = (closed: TurnRecord, ending: { outcome: 'stopped' } | { outcome: 'failed', why: string }) =>
      closeTurn(tx, { turn: closed, text: '', ...ending }, deps.newId)
    switch (move.do) {
      case 'rest':
      case 'wait':
        return move
      case 'begin':
        if (turn)
          tx.sideWrite(sql => pruneTurn(sql, turn.id))
        return { do: 'run', id: await begin(tx) }
      case 'resume':
        return { do: 'run', id: await resume(tx, must(turn, 'a turn to resume'), complete) }
      case 'stop':
        await end(must(turn, 'a turn to stop'), { outcome: 'stopped' })
        return { do: 'read again' }
      case 'give-up':
        await end(must(turn, 'a turn to give up'), { outcome: 'failed', why: move.why })
        return { do: 'read again' }
      default:
        return unreachable(move)
    }
  }

  async function begin(tx: EdgeTx): Promise<string> {
    const { id } = record(tx)
    await tx.set(TURN_KEY, { state: 'running', since: tx.now, id })
    return id
  }

  function record(tx: EdgeTx): TurnRecord {
    const turn: TurnRecord = {
      id: deps.newId(),
      answersThrough: newestSequence(store.sql),
      tries: 0,
      steps: [],
      reply: null,
      waits: 0,
    }
    tx.sideWrite(sql => insertTurn(sql, turn, { model: deps.modelId, now: tx.now }))
    return turn
  }

  async function resume(tx: EdgeTx, turn: TurnRecord, complete: boolean): Promise<string> {
    await tx.set(TURN_KEY, { state: 'running', since: tx.now, id: turn.id })
    // A turn without text yet also answers the newer messages, unless one of them waits for an upload.
    if (complete && turn.steps.length === 0 && turn.reply === null)
      tx.sideWrite(sql => saveTurn(sql, { ...turn, answersThrough: newestSequence(store.sql) }))
    return turn.id
  }

  return {
    answer() {
      running ??= answerAll().finally(() => running = null)
      return running
    },
    async isWanted() {
      // Does not parse the turn's record: an object with an unreadable record must wake as well.
      const turn = await readRow()
      const pending = hasPersonMessageAfter(store.sql, answeredBefore(turn))
      return nextMove({ turn, tries: 0, pending, filesDue: null, now: deps.now() }).do !== 'rest'
    },
    async giveUp() {
      await store.commit(async (tx) => {
        const { move, turn } = await readSituation(tx)
        if (move.do === 'rest')
          return
        const broken = (move.do === 'begin' ? null : turn) ?? record(tx)
        await closeTurn(tx, { turn: broken, outcome: 'failed', text: '', why: GAVE_UP }, deps.newId)
      })
    },
  }
}
