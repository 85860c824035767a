import type { Json } from '#shared/model/json.ts'
import type { TokenView } from '#shared/protocol/access.ts'
import type { Store } from '../store/store.ts'
import type { ToolDeps } from '../tools/tools.ts'
import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import { UNTRUSTED_RULE } from '#shared/text/untrusted.ts'
import packageJson from '../../package.json' with { type: 'json' }
import { newTaskId } from '../tasks/propose-task.ts'
import { runTool } from '../tools/run-tool.ts'
import { tools, toolSpecs } from '../tools/tools.ts'

const INSTRUCTIONS = `mainloop is one person's continuous conversation with Claude and the tasks that came from it. \
What starts, changes or cancels work is proposed; the person confirms it in mainloop, unless this token may act. \
${UNTRUSTED_RULE}`

export interface McpDeps extends Pick<ToolDeps, 'newId'> {
  store: Store
}

/** Makes a server for one message: nothing is kept between requests, so the object may sleep between them. */
export function createServer({ store, ...deps }: McpDeps, token: TokenView): Server {
  const caller = { name: token.name, mayAct: token.scopes.includes('act') }
  // The low-level server takes JSON Schema; the high-level one would own the schemas, which belong to the tool table.
  const server = new Server(
    { name: 'mainloop', version: packageJson.version },
    { capabilities: { tools: {} }, instructions: INSTRUCTIONS },
  )
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: toolSpecs.filter(({ name }) => mayCall(token, name)).map(({ name, description, inputSchema }) => ({
      name,
      description,
      inputSchema: { ...inputSchema, type: 'object' as const },
      annotations: { readOnlyHint: tools.get(name)?.scope === 'read', openWorldHint: false },
    })),
  }))
  server.setRequestHandler(CallToolRequestSchema, async ({ params: { name, arguments: input = {} } }) => {
    const call = { name, input: JSON.parse(JSON.stringify(input)) as Json }
    const { text, isError } = mayCall(token, name)
      ? await store.commit(tx => runTool(tx, call, { ...deps, sql: store.sql, newTaskId, caller }))
      : { text: notAllowed(token, name), isError: true }
    return { content: [{ type: 'text', text }], isError }
  })
  return server
}

/** True for an unknown tool: `runTool` then lists the known ones. */
function mayCall({ scopes }: TokenView, name: string): boolean {
  const needed = tools.get(name)?.scope ?? 'read'
  return scopes.includes(needed) || (needed === 'write' && scopes.includes('act'))
}

function notAllowed(token: TokenView, name: string): string {
  return `The token "${token.name}" may not call ${name}. The person can create one that may, under Settings.`
}
