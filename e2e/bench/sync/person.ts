import { WebSocket as Socket } from 'undici'
import { must } from '#shared/lib/must.ts'
import { LIVE_PROTOCOL_VERSION } from '#shared/protocol/live.ts'
import { setupToken } from '../../../edge/auth/signed-token.ts'

/** One person's paired device, as a browser would present it. */
export interface Person {
  dial: (url: string) => WebSocket
}

export type NewPerson = (url: string) => Promise<Person>

/**
 * Makes people with an object of their own, as each room of the peers is one, and pairs their first device. Every request of this process
 * carries the cookie of the newest, as a browser's would.
 */
export function createPeople(setupSecret: string): NewPerson {
  const bare = globalThis.fetch
  let people = 0
  let cookie = ''

  globalThis.fetch = (input, init) => {
    const request = new Request(input, init)
    request.headers.set('cookie', cookie)
    request.headers.set('origin', new URL(request.url).origin)
    return bare(request)
  }

  return async (url) => {
    people += 1
    const response = await bare(`${url}/api/pair`, {
      method: 'POST',
      headers: { 'origin': new URL(url).origin, 'content-type': 'application/json' },
      body: JSON.stringify({ secret: await setupToken(setupSecret, `bench-${people}`), name: 'bench' }),
    })
    const mine = must(response.headers.get('set-cookie')?.split(';')[0], `a cookie for the paired device (${response.status})`)
    cookie = mine
    return {
      // The same interface under two names: Node's own, and the DOM's that the app is typed with.
      dial: to => new Socket(`${to.replace('http', 'ws')}/api/live?protocol=${LIVE_PROTOCOL_VERSION}`, { headers: { cookie: mine, origin: new URL(to).origin } }) as unknown as WebSocket,
    }
  }
}
