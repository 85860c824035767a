import { retry } from '@octokit/plugin-retry'
import { throttling } from '@octokit/plugin-throttling'
import { Octokit } from '@octokit/rest'
import Bottleneck from 'bottleneck'
import { nanoid } from 'nanoid'
import { rememberAnswers } from './etags.ts'

/** The version of the REST API this code was written against. */
const API_VERSION = '2022-11-28'

/** GitHub itself gives up on a request after 10 s; the rest is for the way. */
const REQUEST_TIMEOUT_MS = 20_000

/** After 1 and 4 seconds; the next pass of the runner asks again anyway. */
const RETRIES = 2

/**
 * A shorter rate limit is waited for once; a longer one is told to the person as something the task waits for. Seconds.
 */
const MAX_WAIT_S = 10

/** 429 belongs to the throttling plugin; 409 is GitHub's word for a repository without a commit. */
const FINAL_STATUSES = [400, 401, 403, 404, 409, 410, 422, 429, 451]

export interface ClientOptions {
  /** Answers the token for the next request; null for a client whose requests bring their own. */
  authorize: (() => Promise<string>) | null
  apiUrl: string
  userAgent: string
  /** How long a second is to the waits between tries. ms */
  secondMs: number
}

const Client = Octokit.plugin(retry, throttling)

/** Octokit as the runner uses it: retries and waits are bounded, answers are remembered by their ETag. */
export function createClient({ authorize, apiUrl, userAgent, secondMs }: ClientOptions): Octokit {
  const octokit = new Client({
    baseUrl: apiUrl.replace(/\/+$/, ''),
    userAgent,
    log: { debug() {}, info() {}, warn() {}, error() {} },
    request: { fetch: fetchInTime },
    retry: { retries: RETRIES, retryAfterBaseValue: secondMs, doNotRetry: FINAL_STATUSES },
    throttle: {
      // The pace of writing is kept per id, and GitHub counts per token: a client has one.
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

/** Each try has its own time: a signal given with the request would be shared by all of them. */
function fetchInTime(url: string, init: RequestInit): Promise<Response> {
  return fetch(url, { ...init, signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) })
}

/** GitHub asks for a second between writes, and for more where people are notified. Seconds. */
const WRITE_PACE = 1
const NOTIFYING_PACE = 3

function pace(seconds: number, secondMs: number): Bottleneck.Group {
  return new Bottleneck.Group({ maxConcurrent: 1, minTime: seconds * secondMs })
}

function waitOnce(retryAfter: number, _options: object, _octokit: object, retryCount: number): boolean {
  return retryCount === 0 && retryAfter <= MAX_WAIT_S
}
