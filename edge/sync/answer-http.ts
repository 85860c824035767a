import type { Live } from './live.ts'
import { errorResponse } from '../http/edge-error.ts'
import { parseRequestJson } from '../http/parse-request-json.ts'
import { parsePull, parsePush } from './parse-replicache.ts'

/** Answers Replicache's push over HTTP. */
export function answerPush(live: Live, request: Request): Promise<Response> {
  return answer(async () => {
    const read = parsePush(parseRequestJson(await request.text()))
    return read.ok ? await live.push(read.body) : read.problem
  })
}

/** Answers Replicache's pull over HTTP. */
export function answerPull(live: Live, request: Request): Promise<Response> {
  return answer(async () => {
    const read = parsePull(parseRequestJson(await request.text()))
    return read.ok ? live.pull(read.body) : read.problem
  })
}

/** Turns an error into a response here, because it would lose its kind on the way out of the object. */
async function answer(respond: () => Promise<object>): Promise<Response> {
  try {
    return Response.json(await respond())
  }
  catch (error) {
    return errorResponse(error)
  }
}
