import { AgentClient } from 'agents/client'
import { createMergeableStore } from 'tinybase'
import { createWsSynchronizer } from 'tinybase/synchronizers/synchronizer-ws-client'
import YProvider from 'y-partyserver/provider'
import * as Y from 'yjs'

/** Two clients of each peer in one room; see `Contender` in ../sync/contender.ts. */

export async function openY({ url, room, seen }) {
  const open = async (onChange) => {
    const doc = new Y.Doc()
    const provider = new YProvider(new URL(url).host, room, doc, { party: 'y', WebSocketPolyfill: WebSocket, disableBc: true })
    doc.getArray('messages').observe(event => event.changes.delta.forEach(({ insert = [] }) => insert.forEach(onChange)))
    await new Promise(resolve => provider.on('sync', synced => synced && resolve()))
    return { doc, provider }
  }
  const [a, b] = [await open(() => {}), await open(seen)]
  return {
    send: text => a.doc.getArray('messages').push([text]),
    close: async () => [a, b].forEach(({ provider }) => provider.destroy()),
  }
}

export async function openAgents({ url, room, seen }) {
  const open = async (onStateUpdate) => {
    const client = new AgentClient({ host: new URL(url).host, agent: 'state', name: room, onStateUpdate })
    await new Promise(resolve => client.addEventListener('open', resolve, { once: true }))
    await client.ready
    return client
  }
  const a = await open(() => {})
  const b = await open((state, source) => source === 'server' && seen(state.text))
  return { send: text => a.setState({ text }), close: async () => [a, b].forEach(client => client.close()) }
}

export async function openTiny({ url, room, seen }) {
  const open = async () => {
    const store = createMergeableStore()
    const synchronizer = await createWsSynchronizer(store, new WebSocket(`${url.replace('http', 'ws')}/tiny/${room}`))
    await synchronizer.startSync()
    return { store, synchronizer }
  }
  const [a, b] = [await open(), await open()]
  b.store.addCellListener('messages', null, 'text', (_store, _table, _row, _cell, text) => seen(text))
  return {
    send: text => a.store.setCell('messages', text, 'text', text),
    close: async () => {
      await a.synchronizer.destroy()
      await b.synchronizer.destroy()
    },
  }
}
