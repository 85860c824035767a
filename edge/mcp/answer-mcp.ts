import type { TokenView } from '#shared/protocol/access.ts'
import type { McpDeps } from './create-server.ts'
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'
import { parseJson } from '#shared/lib/parse-json.ts'
import { EdgeError, errorResponse } from '../http/edge-error.ts'
import { nestsTooDeep } from '../http/nests-too-deep.ts'
import { createServer } from './create-server.ts'
import { wrongParams } from './wrong-params.ts'

/** A brief is the largest argument of a tool. Bytes. */
const MAX_BODY_BYTES = 1_000_000

/** Each message of a batch may be a commit. */
const MAX_BATCH_LENGTH = 100

/** Answers one POST: a JSON-RPC message, or a batch of them. */
export async function answerMcp(deps: McpDeps, token: TokenView, request: Request): Promise<Response> {
  const body = await request.text()
  if (nestsTooDeep(body))
    return errorResponse(new EdgeError('bad-request', 'This JSON is nested deeper than anything of ours.'))
  const { url, headers } = request
  const answer = async (text: string, message: unknown) => {
    const wrong = wrongParams(message)
    return wrong
      ? Response.json(wrong)
      : answerMessage(deps, token, new Request(url, { method: 'POST', headers, body: text }))
  }

  const message = body.length <= MAX_BODY_BYTES ? parseJson(body) : undefined
  if (!Array.isArray(message) || message.length === 0)
    return answer(body, message)
  if (message.length > MAX_BATCH_LENGTH)
    return errorResponse(new EdgeError('bad-request', `A batch has at most ${MAX_BATCH_LENGTH} messages.`))
  // A batch within a batch is no message.
  return answerBatch(message.map(entry => Array.isArray(entry) ? null : entry), answer)
}

/** Answers in order and one by one, because the SDK answers only one of two requests with the same id. */
async function answerBatch(
  messages: unknown[],
  answer: (text: string, message: unknown) => Promise<Response>,
): Promise<Response> {
  const answers: unknown[] = []
  for (const message of messages) {
    const text = await (await answer(JSON.stringify(message), message)).text()
    if (text !== '')
      answers.push(JSON.parse(text))
  }
  return answers.length > 0 ? Response.json(answers) : new Response(null, { status: 202 })
}

async function answerMessage(deps: McpDeps, token: TokenView, request: Request): Promise<Response> {
  const server = createServer(deps, token)
  const transport = new WebStandardStreamableHTTPServerTransport({
    enableJsonResponse: true,
    maxRequestBodySize: MAX_BODY_BYTES,
  })
  await server.connect(transport)
  try {
    return await transport.handleRequest(request)
  }
  finally {
    await server.close()
  }
}
