import * as z from 'zod'

/** Kept in the socket's attachment: it must outlive hibernation. */
const runnerSession = z.object({
  /** null until the runner has said hello. */
  lease: z.number().int().nullable(),
  /**
   * When it connected or last sent a frame; pings are answered by the platform and counted there. ms since the epoch.
   */
  heardAt: z.number(),
})
export type RunnerSession = z.infer<typeof runnerSession>

/** null: not accepted by the link, or from a release that attached something else. */
export function sessionOf(ws: WebSocket): RunnerSession | null {
  return runnerSession.safeParse(ws.deserializeAttachment()).data ?? null
}

export function attachSession(ws: WebSocket, session: RunnerSession): void {
  ws.serializeAttachment(session)
}
