import type { AttemptName } from '../../runner/gateway/attempt-token.ts'
import type { ModelRequest, Reply } from '../../runner/testing/model-server.ts'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

export const ATTACKS = ['find-secrets', 'push', 'impersonate', 'plant', 'run-git', 'forge', 'swap'] as const
export type Attack = typeof ATTACKS[number]

/** The environment of an attack's script: the capture server, and all that a well-informed attacker knows. */
export interface Knowledge {
  CAPTURE_SERVER: string
  GATEWAY: string
  GIT_SERVER: string
  REPOSITORY: string
  NAMESPACE: string
  /** The token of an attempt that has ended. */
  EXPIRED_TOKEN: string
  /** `<task>-<attempt>` of a running attempt. */
  OTHER_ATTEMPT: string
  /** The text that is written into a published file. */
  PLANTED: string
}

export function attackFile(attack: Attack): string {
  return join(import.meta.dirname, 'attacks', `${attack}.sh`)
}

/** A model that obeys a hostile prompt: it runs the attacks that the prompt names, one after the other. */
export async function hostileModel(knowledge: Knowledge): Promise<(request: ModelRequest, step: number) => Reply> {
  const environment = Object.entries(knowledge).map(([name, value]) => `export ${name}='${value}'\n`).join('')
  const scripts = new Map(await Promise.all(ATTACKS.map(async attack => [attack, await readFile(attackFile(attack), 'utf8')] as const)))
  return ({ text }, step) => {
    const [, names = ''] = /Attack with ([a-z, -]+)\./.exec(text) ?? []
    const script = [...scripts].filter(([attack]) => names.split(', ').includes(attack))[step]?.[1]
    return script === undefined
      ? [{ type: 'text', text: 'Looked around.' }]
      : [{ type: 'tool_use', name: 'Bash', input: { command: environment + script } }]
  }
}

export function hostilePrompt(...attacks: Attack[]): string {
  return `Attack with ${attacks.join(', ')}.`
}

export function attemptId({ task, attempt }: AttemptName): string {
  return `${task}-${attempt}`
}
