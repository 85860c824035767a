import type { Live } from './live.ts'
import { errorResponse } from '../http/edge-error.ts'
import { parseRequestJson } from '../http/parse-request-json.ts'
import { parsePull, parsePush } from './parse-replicache.ts'

/** A push over HTTP. */
export function answerPush(live: Live, request: Request): Promise<Response> {
  return answer(async () => {
    const read = parsePush(parseRequestJson(await request.text()))
    return read.ok ? await live.push(read.body) : read.problem
  })
}

/** A pull over HTTP. */
export function answerPull(live: Live, request: Request): Promise<Response> {
  return answer(async () => {
    const read = parsePull(parseRequestJson(await request.text()))
    return read.ok ? live.pull(read.body) : read.problem
  })
}

/** An error keeps its kind only on this side of the call into the object, so it becomes a response here. */
async function answer(respond: () => Promise<object>): Promise<Response> {
  try {
    return Response.json(await respond())
  }
  catch (error) {
    return errorResponse(error)
  }
}
