import type { McpScope } from '#shared/protocol/access.ts'
import { exports } from 'cloudflare:workers'
import { must } from '#shared/lib/must.ts'
import { ORIGIN, post } from '../../testing/harness.ts'

export interface McpAnswer { result?: { tools?: { name: string }[], content?: { text: string }[], isError?: boolean }, error?: { message: string } }

/** Creates a token with these scopes on the device with this cookie. */
export async function createMcpToken(cookie: string, scopes: McpScope[]): Promise<{ token: string, id: string }> {
  const response = await post('/api/tokens', { kind: 'mcp', name: 'Laptop', scopes }, cookie)
  const { token, view } = must(await response.json<{ token: string, view: { id: string } }>(), 'a new token')
  return { token, id: view.id }
}

/** Sends a JSON-RPC request to the MCP server. */
export function mcpRequest(
  body: unknown,
  { token, origin = ORIGIN, headers = {} }: { token?: string, origin?: string, headers?: Record<string, string> } = {},
): Promise<Response> {
  return exports.default.fetch(
    new Request(`${origin}/mcp`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'Accept': 'application/json, text/event-stream',
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...headers,
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    }),
  )
}

export const listRequest = { jsonrpc: '2.0', id: 1, method: 'tools/list' }

/** Calls a tool over MCP and returns its result. */
export async function callTool(token: string, name: string, input: unknown = {}): Promise<{ text: string, isError: boolean }> {
  const response = await mcpRequest({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: input } }, { token })
  const { result, error } = await response.json<McpAnswer>()
  return { text: result?.content?.[0]?.text ?? error?.message ?? '', isError: result?.isError ?? true }
}
