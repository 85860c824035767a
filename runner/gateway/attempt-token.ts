import type { TaskId } from '#shared/model/task.ts'
import { Buffer } from 'node:buffer'
import { createHmac, scryptSync, timingSafeEqual } from 'node:crypto'

export interface AttemptName { task: TaskId, attempt: number }

export interface AttemptTokens {
  of: (attempt: AttemptName) => string
  /** Returns the attempt of the token, or null for a token that the gateway did not make. */
  read: (token: string) => AttemptName | null
}

/**
 * The workers' tokens for the gateway. Each is derived from its attempt's name and the runner's secret, so a
 * restarted runner knows the tokens of its workers without storing them. A valid token does not mean that its
 * attempt is still under way.
 */
export function createAttemptTokens(secret: string): AttemptTokens {
  // scrypt makes each guess expensive for a worker that tries to find the secret behind its token,
  // which a person may have chosen.
  const key = scryptSync(secret, 'mainloop gateway', 32)
  const of = ({ task, attempt }: AttemptName) => {
    const name = `${task}-${attempt}`
    return `${PREFIX}${name}-${createHmac('sha256', key).update(name).digest('base64url')}`
  }
  return {
    of,
    read: (token) => {
      const [, task, attempt] = TOKEN.exec(token) ?? []
      if (task === undefined)
        return null
      const name = { task, attempt: Number(attempt) }
      return isSame(token, of(name)) ? name : null
    },
  }
}

/** Begins like the keys of the API, so that a log filter for those also redacts these. */
const PREFIX = 'sk-mainloop-'

const TOKEN = /^sk-mainloop-([a-z\d]{10})-([1-9]\d{0,8})-[\w-]{43}$/

function isSame(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other))
}
