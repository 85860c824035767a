import { AgentClient } from 'agents/client'
import { createMergeableStore } from 'tinybase'
import { createWsSynchronizer } from 'tinybase/synchronizers/synchronizer-ws-client'
import YProvider from 'y-partyserver/provider'
import * as Y from 'yjs'

/** Each function opens one device of a peer in a room; see ../sync/contender.ts. */

export async function openY({ url, room }, onText) {
  const doc = new Y.Doc()
  const provider = new YProvider(new URL(url).host, room, doc, { party: 'y', WebSocketPolyfill: WebSocket, disableBc: true })
  const messages = doc.getArray('messages')
  messages.observe(event => event.changes.delta.forEach(({ insert = [] }) => insert.forEach(onText)))
  await new Promise(resolve => provider.on('sync', synced => synced && resolve()))
  return { send: text => messages.push([text]), close: async () => provider.destroy() }
}

export async function openAgents({ url, room }, onText) {
  const onStateUpdate = (state, source) => source === 'server' && onText(state.text)
  const client = new AgentClient({ host: new URL(url).host, agent: 'state', name: room, onStateUpdate })
  await new Promise(resolve => client.addEventListener('open', resolve, { once: true }))
  await client.ready
  return { send: text => client.setState({ text }), close: async () => client.close() }
}

export async function openTiny({ url, room }, onText) {
  const store = createMergeableStore()
  const synchronizer = await createWsSynchronizer(store, new WebSocket(`${url.replace('http', 'ws')}/tiny/${room}`))
  await synchronizer.startSync()
  store.addCellListener('messages', null, 'text', (_store, _table, _row, _cell, text) => onText(text))
  return { send: text => store.setCell('messages', text, 'text', text), close: () => synchronizer.destroy() }
}
