import type { Open } from './contender.ts'
import { WebSocket } from 'undici'

/** A bare socket to an object that forwards every frame. */
export function openRaw(kind: 'raw' | 'insert'): Open {
  return async ({ url, room }, onText) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/${kind}/${room}`)
    await new Promise(resolve => socket.addEventListener('open', resolve, { once: true }))
    socket.addEventListener('message', ({ data }) => onText(String(data)))
    return {
      send: text => socket.send(text),
      close: async () => socket.close(),
    }
  }
}
