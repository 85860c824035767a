import { unsubscribeWebPush } from './web-push.ts'

/** Removes this origin's data from the device: rows, drafts, the cached app and the Web Push subscription. */
export async function eraseDevice(): Promise<void> {
  await unsubscribeWebPush()
  const databases = await indexedDB.databases()
  await Promise.all(databases.flatMap(({ name }) => name === undefined ? [] : [removeDatabase(name)]))
  await Promise.all((await caches.keys()).map(key => caches.delete(key)))
  localStorage.clear()
}

function removeDatabase(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name)
    request.onsuccess = () => resolve()
    request.onerror = () => reject(request.error ?? new Error(`${name} could not be deleted.`))
    // Another tab has it open; the browser deletes it when that tab closes.
    request.onblocked = () => resolve()
  })
}
