import type { LiveDown } from '#shared/protocol/live.ts'
import { toParts } from '#shared/protocol/parts.ts'

/** Sends a frame, or a string that is a frame's JSON. */
export type SendFrame = (ws: WebSocket, frame: LiveDown | string) => void

/** Sends frames of any size: one that is too large goes in parts. */
export function createSendFrame(): SendFrame {
  let frames = 0

  return (ws, frame) => {
    // The platform still lists a socket that is closing; its device pulls when it reconnects.
    if (ws.readyState !== WebSocket.OPEN)
      return
    frames += 1
    for (const part of toParts(typeof frame === 'string' ? frame : JSON.stringify(frame), frames))
      ws.send(part)
  }
}
