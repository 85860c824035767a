import { WebSocket as Socket } from 'undici'
import { must } from '#shared/lib/must.ts'
import { LIVE_PROTOCOL_VERSION } from '#shared/protocol/live.ts'
import { setupToken } from '../../../edge/auth/signed-token.ts'

/** Creates a person, whose object corresponds to one room of the peers, and resolves with the cookie of their first device. */
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

const originalFetch = globalThis.fetch

/** Makes every later `fetch` of this thread carry the cookie, as a browser's would. */
export function presentCookie(cookie: string): void {
  globalThis.fetch = (input, init) => {
    const request = new Request(input, init)
    request.headers.set('cookie', cookie)
    request.headers.set('origin', new URL(request.url).origin)
    return originalFetch(request)
  }
}

/** Opens the live socket of a paired device, with the headers of a browser. */
export function dial({ url, cookie }: { url: string, cookie: string }): WebSocket {
  const socket = new Socket(`${url.replace('http', 'ws')}/api/live?protocol=${LIVE_PROTOCOL_VERSION}`, { headers: { cookie, origin: new URL(url).origin } })
  // undici's type is the same interface as the DOM's, with which the app is typed.
  return socket as unknown as WebSocket
}
