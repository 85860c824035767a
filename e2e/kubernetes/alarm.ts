import { once } from 'node:events'
import { createServer } from 'node:http'
import { buffer } from 'node:stream/consumers'

/** Where attacks bring what they found, and where what they planted calls. */
export async function startAlarm(host: string) {
  const loot: Record<string, string> = {}
  const calls: string[] = []
  const server = createServer(async (request, response) => {
    const [kind = '', ...rest] = (request.url ?? '').slice(1).split('/')
    const body = await buffer(request)
    if (kind === 'loot')
      loot[rest.join('/')] = body.toString('latin1')
    else
      calls.push(kind === 'call' ? rest.join('/') : request.url ?? '')
    response.end()
  })
  server.listen(0, host)
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string')
    throw new Error('the alarm listens on no port')

  return {
    url: `http://${host}:${address.port}`,
    /** What was brought, by the attack that brought it. */
    loot,
    /** `<what was planted>/<where it ran>`; of a push that came here, its path. */
    calls,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

export type Alarm = Awaited<ReturnType<typeof startAlarm>>
