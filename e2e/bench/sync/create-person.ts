import { WebSocket as Socket } from 'undici'
import { must } from '#shared/lib/must.ts'
import { LIVE_PROTOCOL_VERSION } from '#shared/protocol/live.ts'
import { setupToken } from '../../../edge/auth/signed-token.ts'

/** Makes a person with an object of their own, as each room of the peers is one, and pairs their first device, whose cookie this is. */
export type CreatePerson = (url: string) => Promise<string>

export function createPersonFactory(setupSecret: string): CreatePerson {
  let people = 0
  return async (url) => {
    people += 1
    const response = await fetch(`${url}/api/pair`, {
      method: 'POST',
      headers: { 'origin': new URL(url).origin, 'content-type': 'application/json' },
      body: JSON.stringify({ secret: await setupToken(setupSecret, `bench-${people}`), name: 'bench' }),
    })
    return must(response.headers.get('set-cookie')?.split(';')[0], `a cookie for the paired device (${response.status})`)
  }
}

const bare = globalThis.fetch

/** Every request of this thread carries it from now on, as a browser's would. */
export function presentCookie(cookie: string): void {
  globalThis.fetch = (input, init) => {
    const request = new Request(input, init)
    request.headers.set('cookie', cookie)
    request.headers.set('origin', new URL(request.url).origin)
    return bare(request)
  }
}

/** The live socket of a person's paired device, as a browser would open it. */
export function dial({ url, cookie }: { url: string, cookie: string }): WebSocket {
  const socket = new Socket(`${url.replace('http', 'ws')}/api/live?protocol=${LIVE_PROTOCOL_VERSION}`, { headers: { cookie, origin: new URL(url).origin } })
  // The same interface under two names: Node's own, and the DOM's that the app is typed with.
  return socket as unknown as WebSocket
}
