import type { TaskId } from '#shared/model/task.ts'
import { must } from '#shared/lib/must.ts'
import { tokenMade } from '#shared/protocol/access.ts'
import { SCHEMA_VERSION } from '#shared/protocol/replicache.ts'

/** What a person does on a device, as requests. */
export interface ApiClient {
  /** Proposes a task through an MCP client and starts it as the person would. */
  startTask: (repository: string) => Promise<TaskId>
  /** The address and the secret of a webhook of GitHub. */
  newWebhook: () => Promise<{ url: string, secret: string }>
}

/** A device without a screen, paired by the setup secret. */
export async function pairApiClient(edge: string, setupSecret: string): Promise<ApiClient> {
  const ask = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(edge + path, { method: 'POST', headers: { 'origin': edge, 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) })
  const paired = await ask('/api/pair', { secret: setupSecret, name: 'ApiClient' })
  const cookie = must(paired.headers.get('set-cookie')?.split(';')[0], 'a cookie')
  const newToken = async (wanted: object) => tokenMade.parse(await (await ask('/api/tokens', wanted, { cookie })).json())
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
      const proposed = await (await ask('/mcp', call, { authorization: `Bearer ${token}`, accept: 'application/json, text/event-stream' })).text()
      const task = must(/Task ([a-z\d]{10}) is proposed/.exec(proposed)?.[1], `a proposed task in ${proposed}`)
      const mutation = { clientID: 'program', id: ++mutations, name: 'decideTask', args: { task, event: { kind: 'confirm' } }, timestamp: 0 }
      await ask(
        '/api/push',
        { pushVersion: 1, schemaVersion: SCHEMA_VERSION, profileID: 'program', clientGroupID: 'program', mutations: [mutation] },
        { cookie },
      )
      return task
    },
    async newWebhook() {
      const { token, secret } = await newToken({ kind: 'github', name: 'GitHub' })
      return { url: `${edge}/github/webhook/${token}`, secret: must(secret, 'the secret of a webhook') }
    },
  }
}
