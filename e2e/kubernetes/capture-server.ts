import { once } from 'node:events'
import { createServer } from 'node:http'
import { buffer } from 'node:stream/consumers'

/** Where attacks bring what they found, and where what they planted calls. */
export async function startCaptureServer(host: string) {
  const stolen: Record<string, string> = {}
  const calls: string[] = []
  const server = createServer(async (request, response) => {
    const [kind = '', ...rest] = (request.url ?? '').slice(1).split('/')
    const body = await buffer(request)
    if (kind === 'stolen')
      stolen[rest.join('/')] = body.toString('latin1')
    else
      calls.push(kind === 'call' ? rest.join('/') : request.url ?? '')
    response.end()
  })
  server.listen(0, host)
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string')
    throw new Error('the capture server listens on no port')

  return {
    url: `http://${host}:${address.port}`,
    /** What was brought, by the attack that brought it. */
    stolen,
    /** `<what was planted>/<where it ran>`; of a push that came here, its path. */
    calls,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

export type CaptureServer = Awaited<ReturnType<typeof startCaptureServer>>
