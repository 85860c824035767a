import type { WriteTransaction } from 'replicache'
import type { Open } from './contender.ts'
import type { NewPerson } from './person.ts'
import { Replicache } from 'replicache'
import { LIVE_PROTOCOL_VERSION, liveDown } from '#shared/protocol/live.ts'
import { SCHEMA_VERSION } from '#shared/protocol/replicache.ts'
import { textOf } from './text-of.ts'

/** Replicache with its own pusher and puller over HTTP and its defaults; a bare word on a socket tells the other device to pull. */
export function openStock(newPerson: NewPerson): Open {
  return async ({ url, room, seen }) => {
    const person = await newPerson(url)
    const [a, b] = [open('a'), open('b')]
    await Promise.all([a.pull({ now: true }), b.pull({ now: true })])
    b.experimentalWatch(changes => changes.forEach((change) => {
      const text = change.op === 'del' ? null : textOf(change.newValue)
      if (text !== null)
        seen(text)
    }), { initialValuesInFirstDiff: false })
    const socket = person.dial(url)
    await new Promise(resolve => socket.addEventListener('open', resolve, { once: true }))
    const subscribed = new Promise(resolve => socket.addEventListener('message', resolve, { once: true }))
    socket.send(JSON.stringify({
      type: 'pull',
      request: LIVE_PROTOCOL_VERSION,
      body: { pullVersion: 1, schemaVersion: SCHEMA_VERSION, profileID: 'poke', clientGroupID: crypto.randomUUID(), cookie: null },
    }))
    await subscribed
    socket.addEventListener('message', ({ data }) => {
      const frame = liveDown.safeParse(JSON.parse(String(data)))
      if (frame.data?.type === 'poke' || frame.data?.type === 'changed')
        void b.pull()
    })
    return {
      send: text => void a.mutate.sendMessage({ id: crypto.randomUUID(), text }),
      async close() {
        socket.close()
        await a.close()
        await b.close()
      },
    }

    function open(name: string) {
      return new Replicache({
        name: `${room}-${name}`,
        kvStore: 'mem',
        schemaVersion: SCHEMA_VERSION,
        pushURL: `${url}/api/push`,
        pullURL: `${url}/api/pull`,
        pullInterval: null,
        logLevel: 'error',
        mutators: { sendMessage: async (_: WriteTransaction, _args: { id: string, text: string }) => {} },
      })
    }
  }
}
