import type { HTTPRequestInfo } from 'replicache'
import type { ClientProblem, PushBody } from '#shared/protocol/replicache.ts'
import type { AcknowledgedMutations } from './acknowledged-mutations.ts'
import type { Answer, LiveRequests } from './live-requests.ts'
import { clientProblem } from '#shared/protocol/replicache.ts'
import { pushBatches } from './push-batches.ts'

export const OK: HTTPRequestInfo = { httpStatusCode: 200, errorMessage: '' }

export interface PushDeps {
  requests: Pick<LiveRequests, 'call'>
  acknowledged: AcknowledgedMutations
  /** Gets the reason when the edge will never accept this device's mutations; null once it accepts one. */
  onStuck: (why: string | null) => void
}

export interface Pushed { httpRequestInfo: HTTPRequestInfo, response?: ClientProblem }

/**
 * Sends the pending mutations batch by batch. When the edge no longer knows the
 * client, all are sent once more as a rescue, which the edge accepts from any number.
 * Only then may Replicache learn of it, since it drops the pending mutations.
 */
export async function pushChanges(deps: PushDeps, body: PushBody): Promise<Pushed> {
  const pushed = await pushAll(deps, body)
  if (pushed.response?.error !== 'ClientStateNotFound')
    return pushed
  const rescued = await rescueChanges(deps, body)
  return rescued.httpRequestInfo.httpStatusCode === 200 ? pushed : rescued
}

/** Safe to repeat until it is answered: the edge skips mutations that it has processed. */
export function rescueChanges(deps: PushDeps, body: PushBody): Promise<Pushed> {
  return pushAll(deps, body, true)
}

async function pushAll({ requests, acknowledged, onStuck }: PushDeps, body: PushBody, rescue = false): Promise<Pushed> {
  // An edge that forgot the client may have forgotten its acknowledged mutations too.
  for (const mutations of pushBatches(rescue ? body.mutations : acknowledged.without(body.mutations))) {
    const answer = await requests.call({ type: 'push', body: { ...body, mutations }, ...(rescue && { rescue }) })
    if (answer)
      onStuck(answer.type === 'error' && !answer.retry ? answer.message : null)
    if (answer?.type !== 'pushed')
      return { httpRequestInfo: httpFailure(answer) }
    const problem = clientProblem.safeParse(answer.response)
    if (problem.success)
      return { httpRequestInfo: OK, response: problem.data }
    acknowledged.add(mutations)
  }
  return { httpRequestInfo: OK }
}

/** Replicache tries again after any status but 200, with its own backoff. */
export function httpFailure(answer: Answer | null): HTTPRequestInfo {
  return answer?.type === 'error'
    ? { httpStatusCode: 500, errorMessage: answer.message }
    : { httpStatusCode: 503, errorMessage: 'The connection is down.' }
}
