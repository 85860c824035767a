/** Says that no close frame came, so there is nothing to answer (RFC 6455, section 7.1.5). */
const NO_CLOSE_FRAME = 1006
/** Codes that no frame may carry, the one for a close frame without a code among them (RFC 6455, section 7.4). */
const NEVER_SENT = [1004, 1005, 1015]

/** Answers a close that the client starts. The platform does not, and the client would wait until it gives up. */
export function answerClose(ws: Pick<WebSocket, 'close'>, code: number, reason: string): void {
  if (code === NO_CLOSE_FRAME)
    return
  if (maySend(code))
    ws.close(code, reason)
  else ws.close()
}

/** The platform throws for any other code. */
function maySend(code: number): boolean {
  return code >= 1000 && code < 5000 && !NEVER_SENT.includes(code)
}
