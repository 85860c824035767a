import type { Open } from './contender.ts'
import { WebSocket } from 'undici'

/** Two bare sockets to an object that passes on what one says. */
export function openRaw(kind: 'raw' | 'insert'): Open {
  return async ({ url, room, seen }) => {
    const open = async () => {
      const socket = new WebSocket(`${url.replace('http', 'ws')}/${kind}/${room}`)
      await new Promise(resolve => socket.addEventListener('open', resolve, { once: true }))
      return socket
    }
    const [a, b] = [await open(), await open()]
    b.addEventListener('message', ({ data }) => seen(String(data)))
    return {
      send: text => a.send(text),
      async close() {
        a.close()
        b.close()
      },
    }
  }
}
