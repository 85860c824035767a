/** Says that no close frame came, so there is nothing to answer (RFC 6455, section 7.1.5). */
const NO_CLOSE_FRAME = 1006
/** Says that the close frame has no code; no frame may carry this number itself. */
const NO_CODE = 1005

/** Answers a close that the client starts. The platform does not, and the client would wait until it gives up. */
export function answerClose(ws: WebSocket, code: number, reason: string): void {
  if (code === NO_CODE)
    ws.close()
  else if (code !== NO_CLOSE_FRAME)
    ws.close(code, reason)
}
