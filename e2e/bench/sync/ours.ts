import type { Open } from './contender.ts'
import type { NewPerson } from './person.ts'
import { openSync } from '../../../client/sync/sync.ts'
import { textOf } from './text-of.ts'

/** The app's own sync on both sides, as it is. */
export function openOurs(newPerson: NewPerson): Open {
  return async ({ url, room, seen }) => {
    const person = await newPerson(url)
    const [a, b] = await Promise.all([open('a'), open('b')])
    b.watch(changes => changes.map(({ value }) => textOf(value)).forEach(text => text === null || seen(text)))
    return {
      send: text => void a.mutate.sendMessage({ id: crypto.randomUUID(), text }),
      async close() {
        await a.close()
        await b.close()
      },
    }

    function open(name: string): Promise<ReturnType<typeof openSync>> {
      return new Promise((resolve) => {
        const sync = openSync({
          name: `${room}-${name}`,
          store: 'mem',
          connect: () => person.dial(url),
          onLink: state => state === 'live' && resolve(sync),
          onText: () => {},
          onLog: () => {},
          onStuck: () => {},
          onStale: () => {},
          onUnsaved: () => {},
        })
      })
    }
  }
}
