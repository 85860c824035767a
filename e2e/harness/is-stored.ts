import type { Page } from 'playwright-core'

/** Whether this text is in the browser's own storage. */
export function isStored(page: Page, text: string): Promise<boolean> {
  return page.evaluate(async (text) => {
    const done = <T>(request: IDBRequest<T>) => new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await done(indexedDB.open(name))
      for (const store of database.objectStoreNames) {
        if (JSON.stringify(await done(database.transaction(store).objectStore(store).getAll())).includes(text))
          return true
      }
      database.close()
    }
    return false
  }, text)
}
