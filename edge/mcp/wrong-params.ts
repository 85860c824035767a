import {
  CallToolRequestSchema,
  InitializeRequestSchema,
  ListToolsRequestSchema,
  PingRequestSchema,
} from '@modelcontextprotocol/sdk/types.js'
import * as z from 'zod'

/** JSON-RPC's "Invalid params". */
const INVALID_PARAMS = -32602

const requestBase = z.looseObject({
  jsonrpc: z.literal('2.0'),
  id: z.union([z.string(), z.number().int()]),
  method: z.string(),
})

const REQUESTS: Readonly<Record<string, { safeParse: (request: unknown) => { error?: z.ZodError | undefined } }>> = {
  'initialize': InitializeRequestSchema,
  'ping': PingRequestSchema,
  'tools/list': ListToolsRequestSchema,
  'tools/call': CallToolRequestSchema,
}

/** The answer to a request whose parameters are wrong; null when they are right. The SDK calls them its own error. */
export function wrongParams(message: unknown): object | null {
  const request = requestBase.safeParse(message).data
  const error = request && REQUESTS[request.method]?.safeParse(request).error
  if (!error)
    return null
  const { id, method } = request
  const explained = `The parameters of ${method} are wrong.\n${z.prettifyError(error)}`
  return { jsonrpc: '2.0', id, error: { code: INVALID_PARAMS, message: explained } }
}
