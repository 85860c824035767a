import type { WriteTransaction } from 'replicache'
import type { Open } from './contender.ts'
import { Replicache } from 'replicache'
import { liveDown } from '#shared/protocol/live.ts'
import { SCHEMA_VERSION } from '#shared/protocol/replicache.ts'
import { dial } from './create-person.ts'
import { messageText } from './message-text.ts'

/** Replicache with its defaults and its own pusher and puller over HTTP; a frame on a socket only makes it pull. */
export const openStockReplicache: Open = async (address, onText) => {
  const { url, room, name } = address
  const rep = new Replicache({
    name: `${room}-${name}`,
    kvStore: 'mem',
    schemaVersion: SCHEMA_VERSION,
    pushURL: `${url}/api/push`,
    pullURL: `${url}/api/pull`,
    pullInterval: null,
    logLevel: 'error',
    mutators: { sendMessage: async (_: WriteTransaction, _args: { id: string, text: string }) => {} },
  })
  await rep.pull({ now: true })
  rep.experimentalWatch(changes => changes.forEach((change) => {
    const text = change.op === 'del' ? null : messageText(change.newValue)
    if (text !== null)
      onText(text)
  }), { initialValuesInFirstDiff: false })

  const socket = dial(address)
  await new Promise(resolve => socket.addEventListener('open', resolve, { once: true }))
  const subscribed = new Promise(resolve => socket.addEventListener('message', resolve, { once: true }))
  socket.send(JSON.stringify({
    type: 'pull',
    request: 1,
    body: { pullVersion: 1, schemaVersion: SCHEMA_VERSION, profileID: 'poke', clientGroupID: crypto.randomUUID(), cookie: null },
  }))
  await subscribed
  socket.addEventListener('message', ({ data }) => {
    const frame = liveDown.safeParse(JSON.parse(String(data)))
    if (frame.data?.type === 'poke' || frame.data?.type === 'changed')
      // Closing the client rejects a pull that is under way.
      rep.pull().catch(() => {})
  })
  return {
    send: text => void rep.mutate.sendMessage({ id: crypto.randomUUID(), text }),
    async close() {
      socket.close()
      await rep.close()
    },
  }
}
