import { AWAY, HERE } from '#shared/protocol/live.ts'
import { writeHere } from './device-socket.ts'

/** Takes the bare word by which a device says whether the person is at it; false for any other frame. */
export function takePresence(ws: WebSocket, data: string | ArrayBuffer): boolean {
  if (data !== HERE && data !== AWAY)
    return false
  writeHere(ws, data === HERE)
  return true
}
