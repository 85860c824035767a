import { once } from 'node:events'
import { createServer } from 'node:http'
import { buffer } from 'node:stream/consumers'

/** Receives the findings of attacks, and the calls of planted commands. */
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
    /** The findings by the name of the attack. */
    stolen,
    /** `<planted command>/<where it ran>`, or the path of a push. */
    calls,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

export type CaptureServer = Awaited<ReturnType<typeof startCaptureServer>>
