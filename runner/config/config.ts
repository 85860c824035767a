import type { ModelPrice } from '#shared/model/model-prices.ts'
import type { Person } from '../job/person.ts'

/** Everything the runner is told from outside, read once before the first effect. */
export interface Config {
  /** Where the edge is; the runner dials out to it. */
  edge: string
  runnerToken: string
  github: { token: string | null, app: AppCredential | null, apiUrl: string, serverUrl: string }
  claude: { apiKey: string | null, oauthToken: string | null, baseUrl: string | null }
  /**
   * Where workers ask the model. Without a place to listen it is a
   * free port of this machine; without an address it is that port.
   */
  gateway: { listen: { host: string, port: number } | null, url: string | null }
  /**
   * The pairing page for the tailnet: where `tailscale serve` finds
   * it on this machine, under which address it shows it, and to whom.
   */
  pairPage: { port: number, url: string, logins: readonly string[] } | null
  /** Of all tasks together, on one day (UTC). */
  dayBudgetUsd: number
  prices: Readonly<Record<string, ModelPrice>>
  executor:
    { kind: 'process' } | { kind: 'kubernetes', kubeconfig: string | null, namespace: string, worker: WorkerSettings }
  /** Absolute: workers are started in other folders. */
  workDir: string
  /** Whom commits name as co-author; null: whose GitHub token it is. */
  person: Person | null
  /** Workers at the same time. */
  slots: number
  pollMs: number
  /** How long after the last push or comment more may follow. */
  quietMs: number
  /** At most what an App's tokens allow, where there is an App. */
  deadlineSeconds: number
  /** How large a checkout may be. */
  checkoutMb: number
  log: { level: 'debug' | 'info' | 'warn' | 'error', pretty: boolean }
}

export interface WorkerSettings {
  image: string
  imagePullPolicy: 'Always' | 'IfNotPresent' | 'Never'
  /**
   * Of the agent, which does the work; Kubernetes quantities. The
   * other two stages only run git and get fixed, smaller ones.
   */
  limits: { cpu: string, memory: string, storage: string }
  /** What a node must have free for it. */
  requests: { cpu: string, memory: string }
}

/** A GitHub App as its settings show it: its id, and a private key that was made there. */
export interface AppCredential {
  id: string
  /** PEM. */
  privateKey: string
}

/** A sentence for each variable that cannot be used: its name, its value, what is expected. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}
