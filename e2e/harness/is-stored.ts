import type { Page } from 'playwright-core'

/** Whether these words are in the browser's own storage. */
export function isStored(page: Page, words: string): Promise<boolean> {
  return page.evaluate(async (words) => {
    const done = <T>(request: IDBRequest<T>) => new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await done(indexedDB.open(name))
      for (const store of database.objectStoreNames) {
        if (JSON.stringify(await done(database.transaction(store).objectStore(store).getAll())).includes(words))
          return true
      }
      database.close()
    }
    return false
  }, words)
}
