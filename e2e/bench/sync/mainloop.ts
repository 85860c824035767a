import type { Open } from './contender.ts'
import { openSync } from '../../../client/sync/sync.ts'
import { dial } from './create-person.ts'
import { messageText } from './message-text.ts'

/** The app's own sync, unchanged. */
export const openMainloop: Open = async (address, onText) => {
  const sync = await new Promise<ReturnType<typeof openSync>>((resolve) => {
    const opened = openSync({
      name: `${address.room}-${address.name}`,
      store: 'mem',
      connect: () => dial(address),
      onConnection: state => state === 'live' && resolve(opened),
      onText: () => {},
      onLog: () => {},
      onStuck: () => {},
      onStale: () => {},
      onUnsaved: () => {},
    })
  })
  sync.watch(changes => changes.map(({ value }) => messageText(value)).forEach(text => text === null || onText(text)))
  return {
    send: text => void sync.mutate.sendMessage({ id: crypto.randomUUID(), text }),
    close: sync.close,
  }
}
