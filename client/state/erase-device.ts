import { unsubscribeWebPush } from './web-push.ts'

/** Removes what this origin holds on the device: rows, drafts and the cached app. Nothing is pushed to it any more. */
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
    // Another tab still has it open; it goes when that tab does.
    request.onblocked = () => resolve()
  })
}
