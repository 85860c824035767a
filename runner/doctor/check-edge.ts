import type { EdgeApi } from '../edge-api/edge-api.ts'
import type { Check } from './check.ts'
import { formatDistanceStrict } from 'date-fns/formatDistanceStrict'
import { check } from './check.ts'

/** Checks whether the edge accepts this runner's token, and when GitHub's webhook last delivered. */
export async function checkEdge(api: EdgeApi, edge: string, now: number): Promise<Check[]> {
  const known = await check(
    'edge',
    async () => `${edge} knows this runner and has ${(await api.tasks()).tasks.length} tasks`,
  )
  return known.ok ? [known, await check('webhook', () => webhook(api, now))] : [known]
}

async function webhook(api: EdgeApi, now: number): Promise<string> {
  const hooks = (await api.tokens()).tokens.filter(({ kind }) => kind === 'github')
  const last = Math.max(...hooks.map(({ seenAt }) => seenAt ?? 0))
  if (hooks.length === 0)
    return 'there is none, so results are seen with the next poll; "mainloop webhook" makes one'
  return last > 0
    ? `GitHub last delivered ${formatDistanceStrict(last, now)} ago`
    : 'GitHub has not delivered anything yet; "mainloop webhook" says where the address and the secret belong'
}
