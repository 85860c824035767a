import { retry } from '@octokit/plugin-retry'
import { throttling } from '@octokit/plugin-throttling'
import { Octokit } from '@octokit/rest'
import Bottleneck from 'bottleneck'
import { nanoid } from 'nanoid'
import { rememberAnswers } from './etags.ts'

/** The REST API version of the response schemas. */
const API_VERSION = '2022-11-28'

/** GitHub gives up on a request after 10 s; the rest is for the network. */
const REQUEST_TIMEOUT_MS = 20_000

/** After 1 and 4 seconds. More is pointless: the next pass of the runner asks again. */
const RETRIES = 2

/** Shorter rate limits are waited for, once. A longer one becomes the task's `blocked` reason. Seconds. */
const MAX_WAIT_S = 10

/** Not retried. The throttling plugin handles 429; GitHub answers 409 for a repository without commits. */
const FINAL_STATUSES = [400, 401, 403, 404, 409, 410, 422, 429, 451]

export interface ClientOptions {
  /** Returns the token for the next request. Null for a client whose requests carry their own. */
  authorize: (() => Promise<string>) | null
  apiUrl: string
  userAgent: string
  /** The length of a second in waits between tries and writes, so that tests do not wait. ms */
  secondMs: number
}

const Client = Octokit.plugin(retry, throttling)

/** Octokit with bounded retries and waits, and a cache of responses by their ETags. */
export function createClient({ authorize, apiUrl, userAgent, secondMs }: ClientOptions): Octokit {
  const octokit = new Client({
    baseUrl: apiUrl.replace(/\/+$/, ''),
    userAgent,
    log: { debug() {}, info() {}, warn() {}, error() {} },
    request: { fetch: fetchInTime },
    retry: { retries: RETRIES, retryAfterBaseValue: secondMs, doNotRetry: FINAL_STATUSES },
    throttle: {
      // The plugin limits writes per id and GitHub per token, so each client needs its own id.
      id: nanoid(),
      write: pace(WRITE_PACE, secondMs),
      notifications: pace(NOTIFYING_PACE, secondMs),
      retryAfterBaseValue: secondMs,
      onRateLimit: waitOnce,
      onSecondaryRateLimit: waitOnce,
    },
  })
  octokit.hook.before('request', async (options) => {
    if (authorize)
      options.headers.authorization = `token ${await authorize()}`
    options.headers['x-github-api-version'] = API_VERSION
  })
  rememberAnswers(octokit)
  return octokit
}

/** Gives each try a time limit of its own; all tries would share a signal in the request's options. */
function fetchInTime(url: string, init: RequestInit): Promise<Response> {
  return fetch(url, { ...init, signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) })
}

/** GitHub asks for a second between writes, and for more between those that notify people. Seconds. */
const WRITE_PACE = 1
const NOTIFYING_PACE = 3

function pace(seconds: number, secondMs: number): Bottleneck.Group {
  return new Bottleneck.Group({ maxConcurrent: 1, minTime: seconds * secondMs })
}

function waitOnce(retryAfter: number, _options: object, _octokit: object, retryCount: number): boolean {
  return retryCount === 0 && retryAfter <= MAX_WAIT_S
}
