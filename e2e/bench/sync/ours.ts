import type { Open } from './contender.ts'
import { openSync } from '../../../client/sync/sync.ts'
import { dial } from './person.ts'
import { textOf } from './text-of.ts'

/** The app's own sync, as it is. */
export const openOurs: Open = async (place, seen) => {
  const sync = await new Promise<ReturnType<typeof openSync>>((resolve) => {
    const opened = openSync({
      name: `${place.room}-${place.name}`,
      store: 'mem',
      connect: () => dial(place),
      onLink: state => state === 'live' && resolve(opened),
      onText: () => {},
      onLog: () => {},
      onStuck: () => {},
      onStale: () => {},
      onUnsaved: () => {},
    })
  })
  sync.watch(changes => changes.map(({ value }) => textOf(value)).forEach(text => text === null || seen(text)))
  return {
    send: text => void sync.mutate.sendMessage({ id: crypto.randomUUID(), text }),
    close: sync.close,
  }
}
