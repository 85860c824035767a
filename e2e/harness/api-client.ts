import type { TaskId } from '#shared/model/task.ts'
import { must } from '#shared/lib/must.ts'
import { tokenMade } from '#shared/protocol/access.ts'
import { SCHEMA_VERSION } from '#shared/protocol/replicache.ts'

/** A device without a page, which sends a person's requests. */
export interface ApiClient {
  /** Proposes a task through an MCP client and starts it as the person would. */
  startTask: (repository: string) => Promise<TaskId>
  /** Makes an address and a secret for a webhook of GitHub. */
  newWebhook: () => Promise<{ url: string, secret: string }>
}

/** Pairs by the setup secret. */
export async function pairApiClient(edge: string, setupSecret: string): Promise<ApiClient> {
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(edge + path, { method: 'POST', headers: { 'origin': edge, 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) })
  const paired = await post('/api/pair', { secret: setupSecret, name: 'ApiClient' })
  const cookie = must(paired.headers.get('set-cookie')?.split(';')[0], 'a cookie')
  const newToken = async (body: object) => tokenMade.parse(await (await post('/api/tokens', body, { cookie })).json())
  const { token } = await newToken({ kind: 'mcp', name: 'ApiClient', scopes: ['write'] })
  let mutations = 0

  return {
    async startTask(repository) {
      const call = {
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'spawn_task', arguments: { repository, title: 'Change it', brief: 'Change it.' } },
      }
      const proposed = await (await post('/mcp', call, { authorization: `Bearer ${token}`, accept: 'application/json, text/event-stream' })).text()
      const task = must(/Task ([a-z\d]{10}) is proposed/.exec(proposed)?.[1], `a proposed task in ${proposed}`)
      const mutation = { clientID: 'program', id: ++mutations, name: 'decideTask', args: { task, event: { kind: 'confirm' } }, timestamp: 0 }
      const push = { pushVersion: 1, schemaVersion: SCHEMA_VERSION, profileID: 'program', clientGroupID: 'program', mutations: [mutation] }
      await post('/api/push', push, { cookie })
      return task
    },
    async newWebhook() {
      const { token, secret } = await newToken({ kind: 'github', name: 'GitHub' })
      return { url: `${edge}/github/webhook/${token}`, secret: must(secret, 'the secret of a webhook') }
    },
  }
}
