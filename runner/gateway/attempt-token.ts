import type { TaskId } from '#shared/model/task.ts'
import { Buffer } from 'node:buffer'
import { createHmac, scryptSync, timingSafeEqual } from 'node:crypto'

export interface AttemptName { task: TaskId, attempt: number }

export interface AttemptTokens {
  of: (attempt: AttemptName) => string
  /** Whose token it is; null when it is nobody's. */
  read: (token: string) => AttemptName | null
}

/**
 * Tokens with which workers ask the gateway. Each is derived from its attempt's name and
 * the runner's secret, so a runner that starts again knows the tokens of the workers it
 * finds, and keeps none. Whether the attempt still lives is another question.
 */
export function createAttemptTokens(secret: string): AttemptTokens {
  // A worker may try to find the secret that its token was made with;
  // each guess shall cost it something, also when a person chose it.
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

/** Begins like the keys of the API, so that whatever hides those from logs hides these too. */
const PREFIX = 'sk-mainloop-'

const TOKEN = /^sk-mainloop-([a-z\d]{10})-([1-9]\d{0,8})-[\w-]{43}$/

function isSame(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other))
}
