import type { LiveDown, LiveUp } from '#shared/protocol/live.ts'

type RequestFrame = Extract<LiveUp, { request: number }>
type Request = RequestFrame extends infer Up ? Up extends RequestFrame ? Omit<Up, 'request'> : never : never
export type Answer = Extract<LiveDown, { type: 'pushed' | 'pulled' | 'history' | 'error' }>

export interface LiveRequests {
  /**
   * The edge's answer; null when there was no connection or it was
   * lost. The edge may have carried out the request even then.
   */
  call: (request: Request) => Promise<Answer | null>
  resolve: (answer: Answer) => void
  /** Resolves all requests to null, because their connection was lost. */
  drop: () => void
}

/** Matches answers to requests on the one socket. */
export function createLiveRequests(send: (frame: RequestFrame) => boolean): LiveRequests {
  const waiting = new Map<number, (answer: Answer | null) => void>()
  let last = 0

  function drop(): void {
    const lost = [...waiting.values()]
    waiting.clear()
    lost.forEach(answer => answer(null))
  }

  return {
    call: request => new Promise((resolve) => {
      last += 1
      waiting.set(last, resolve)
      if (!send({ ...request, request: last })) {
        waiting.delete(last)
        resolve(null)
      }
    }),
    resolve(answer) {
      // The edge lost a part of a frame and cannot tell whose.
      if (answer.request === null)
        return drop()
      waiting.get(answer.request)?.(answer)
      waiting.delete(answer.request)
    },
    drop,
  }
}
