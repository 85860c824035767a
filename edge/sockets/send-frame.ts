import type { LiveDown } from '#shared/protocol/live.ts'
import { toParts } from '#shared/protocol/parts.ts'

/** A text is a frame as JSON. */
export type SendFrame = (ws: WebSocket, frame: LiveDown | string) => void

/** Sends frames of any size; what is too large for one goes in parts, one after the other. */
export function createSendFrame(): SendFrame {
  let frames = 0

  return (ws, frame) => {
    // A socket that is closing is still listed; its device pulls when it is back.
    if (ws.readyState !== WebSocket.OPEN)
      return
    frames += 1
    for (const part of toParts(typeof frame === 'string' ? frame : JSON.stringify(frame), frames))
      ws.send(part)
  }
}
