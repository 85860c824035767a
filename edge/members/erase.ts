import type { Files } from '../attachments/files.ts'

/** The message with which an object ends that was emptied. */
export const ERASED = 'everything was erased'

/** Rejects with `ERASED` once nothing is left: whatever still ran in this object ends with it. */
export async function eraseAll(ctx: DurableObjectState, files: Files): Promise<void> {
  // The files first: who is interrupted there still has a device to try
  // again with. What follows asks nobody else, so it cannot stop half-way.
  await files.removeAll()
  await ctx.storage.deleteAlarm()
  await ctx.storage.deleteAll()
  await ctx.storage.sync()
  ctx.abort(ERASED)
}
