import type { LiveDown } from '#shared/protocol/live.ts'
import { toParts } from '#shared/protocol/parts.ts'

/** `text` is the frame as JSON, where it is known already. */
export type SendFrame = (ws: WebSocket, frame: LiveDown, text?: string) => void

/** Sends frames of any size; what is too large for one goes in parts, one after the other. */
export function createSendFrame(): SendFrame {
  let frames = 0

  return (ws, frame, text = JSON.stringify(frame)) => {
    // A socket that is closing is still listed; its device pulls when it is back.
    if (ws.readyState !== WebSocket.OPEN)
      return
    frames += 1
    for (const part of toParts(text, frames))
      ws.send(part)
  }
}
