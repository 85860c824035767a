import type { ModelPrice } from '#shared/model/model-prices.ts'
import type { CoAuthor } from '../job/co-author.ts'

/** The runner's configuration, read once before the first effect. */
export interface Config {
  /** The address of the edge, to which the runner dials out. */
  edge: string
  runnerToken: string
  github: { token: string | null, app: AppCredential | null, apiUrl: string, serverUrl: string }
  claude: { apiKey: string | null, oauthToken: string | null, baseUrl: string | null }
  /**
   * The workers' address of the model. `listen` null: a free port of this machine. `url` null: the address that the
   * gateway listens on.
   */
  gateway: { listen: { host: string, port: number } | null, url: string | null }
  /** The pairing page for the tailnet: its local port, its address by `tailscale serve`, and the allowed logins. */
  pairPage: { port: number, url: string, logins: readonly string[] } | null
  /** The budget of all tasks together for one day (UTC). */
  dayBudgetUsd: number
  prices: Readonly<Record<string, ModelPrice>>
  executor:
    { kind: 'process' } | { kind: 'kubernetes', kubeconfig: string | null, namespace: string, worker: WorkerSettings }
  /** An absolute path, because workers are started in other folders. */
  workDir: string
  /** The co-author of commits; null for the owner of the GitHub token. */
  person: CoAuthor | null
  /** Maximum number of workers at the same time. */
  slots: number
  pollMs: number
  /** The quiet period: more checks or comments may follow for so long after a push or a comment. */
  quietMs: number
  /** The limit of an attempt; with a GitHub App at most the lifetime of its tokens allows. */
  deadlineSeconds: number
  /** The limit for the size of a checkout. */
  checkoutMb: number
  log: { level: 'debug' | 'info' | 'warn' | 'error', pretty: boolean }
}

export interface WorkerSettings {
  image: string
  imagePullPolicy: 'Always' | 'IfNotPresent' | 'Never'
  /** Kubernetes quantities for the agent stage. The other stages only run git and have fixed, smaller limits. */
  limits: { cpu: string, memory: string, storage: string }
  requests: { cpu: string, memory: string }
}

/** The id and a private key of a GitHub App, both from its settings page. */
export interface AppCredential {
  id: string
  /** PEM. */
  privateKey: string
}

/** Its message has a line for each invalid variable, with the name, the value and the expectation. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}
