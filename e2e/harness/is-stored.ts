import type { Page } from 'playwright-core'

/** Whether a row in one of the page's IndexedDB databases contains the text. */
export function isStored(page: Page, text: string): Promise<boolean> {
  return page.evaluate(async (text) => {
    const resultOf = <T>(request: IDBRequest<T>) => new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await resultOf(indexedDB.open(name))
      for (const store of database.objectStoreNames) {
        const rows = await resultOf(database.transaction(store).objectStore(store).getAll())
        if (JSON.stringify(rows).includes(text))
          return true
      }
      database.close()
    }
    return false
  }, text)
}
