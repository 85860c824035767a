/** The used part of workerd's test modules, because their own types clash with the DOM's, which the devices need. */
declare module 'cloudflare:test' {
  import type { ObjectStub } from 'cloudflare:workers'

  interface ObjectState {
    storage: { sql: { exec: (query: string, ...values: (string | number)[]) => { toArray: () => Record<string, string | number | null>[] } } }
    abort: (reason: string) => void
  }

  export function evictDurableObject(stub: ObjectStub, options: { webSockets: 'hibernate' | 'close' }): Promise<void>
  export function runInDurableObject<T>(stub: ObjectStub, run: (instance: unknown, state: ObjectState) => T | Promise<T>): Promise<T>
}

declare module 'cloudflare:workers' {
  export interface ServerSocket extends EventTarget {
    accept: () => void
    send: (data: string) => void
    close: (code: number, reason: string) => void
  }

  export interface ObjectStub {
    addDevice: (name: string, tokenHash: string) => Promise<unknown>
    fetch: (url: string, init: RequestInit) => Promise<Response & { webSocket: ServerSocket | null }>
  }

  export const env: {
    MAINLOOP: { getByName: (name: string) => ObjectStub }
    /** The number of runs, the seed and the path of a counterexample, from the environment; empty strings without. */
    RUNS: string
    SEED: string
    SEED_PATH: string
  }
}
