import type { HTTPRequestInfo } from 'replicache'
import type { Answer } from './live-requests.ts'

export const OK: HTTPRequestInfo = { httpStatusCode: 200, errorMessage: '' }

/** Replicache tries again after any status but 200, with its own backoff. */
export function failureOf(answer: Answer | null): HTTPRequestInfo {
  return answer?.type === 'error'
    ? { httpStatusCode: 500, errorMessage: answer.message }
    : { httpStatusCode: 503, errorMessage: 'The link is down.' }
}
