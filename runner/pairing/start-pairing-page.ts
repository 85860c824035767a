import type { Server } from 'node:http'
import type { Logger } from 'pino'
import type { Config } from '../config/config.ts'
import { once } from 'node:events'
import { createEdgeApi } from '../edge-api/edge-api.ts'
import { pageAddress } from './page-address.ts'
import { createPairingServer } from './pairing-server.ts'

/** Loopback only: `tailscale serve` connects from this machine, and only its identity headers can be trusted. */
const HOST = '127.0.0.1'

/** Starts the pairing page; returns null when it is not configured. */
export async function startPairingPage(
  { pairPage, edge, runnerToken }: Config,
  log: Pick<Logger, 'info' | 'warn' | 'error'>,
): Promise<Server | null> {
  if (!pairPage)
    return null
  const server = createPairingServer({
    allowed: pairPage,
    api: createEdgeApi({ edge, token: runnerToken, ask: fetch }),
    edge: pageAddress(edge),
    now: Date.now,
    refused: why => log.warn(`Somebody was turned away from the pairing page: ${why}`),
    bug: error => log.error(error, 'Could not answer on the pairing page.'),
  })
  server.listen(pairPage.port, HOST)
  await once(server, 'listening')
  log.info(`Devices are added at ${pairPage.url}: tailscale serve --bg ${pairPage.port}`)
  return server
}
