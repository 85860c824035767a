import * as z from 'zod'

/** Kept in the socket's attachment, so that it survives hibernation. */
const runnerSession = z.object({
  /** null until the runner has said hello. */
  lease: z.number().int().nullable(),
  /** The time of its last frame, or of the connection. The platform records pings. ms since the epoch. */
  heardAt: z.number(),
})
export type RunnerSession = z.infer<typeof runnerSession>

/** The session of a socket; null when another release attached something else. */
export function sessionOf(ws: WebSocket): RunnerSession | null {
  return runnerSession.safeParse(ws.deserializeAttachment()).data ?? null
}

/** The time of a socket's last frame, or of its accept, ms since the epoch. */
export function heardAt(ws: WebSocket): number {
  return sessionOf(ws)?.heardAt ?? 0
}

export function attachSession(ws: WebSocket, session: RunnerSession): void {
  ws.serializeAttachment(session)
}
