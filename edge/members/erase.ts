import type { Files } from '../attachments/files.ts'

/** The error with which an erased object is aborted. */
export const ERASED = 'everything was erased'

/** Deletes all data and aborts the object, which ends everything that still runs in it. Rejects with `ERASED`. */
export async function eraseAll(ctx: DurableObjectState, files: Files): Promise<void> {
  // The files go first: if that fails, the person still has a device to try again with.
  // The rest is local to this object, so it cannot stop half-way.
  await files.removeAll()
  await ctx.storage.deleteAlarm()
  await ctx.storage.deleteAll()
  await ctx.storage.sync()
  ctx.abort(ERASED)
}
