import type { DeviceEnv } from './routes/guard.ts'
import { Hono } from 'hono'
import { EdgeError, errorResponse } from './http/edge-error.ts'
import { limitHeaders } from './http/limit-headers.ts'
import { securityHeaders } from './http/security-headers.ts'
import { getAttachment, putAttachment } from './routes/attachment-routes.ts'
import { eraseData, exportData } from './routes/data-routes.ts'
import { listDevices, pairDevice, readSession, revokeDevice, unpairDevice } from './routes/device-routes.ts'
import { guard } from './routes/guard.ts'
import { mcp } from './routes/mcp-route.ts'
import { readNotifications, startNotifications, stopNotifications } from './routes/notification-routes.ts'
import { answerPairing, claimPairing, finishPairing, offerPairing, viewPairing } from './routes/pairing-routes.ts'
import { messagesRoute, searchRoute } from './routes/search-routes.ts'
import { live, pull, push, runner } from './routes/sync-routes.ts'
import { decideTaskRoute, listTasksRoute, taskLog } from './routes/task-routes.ts'
import { createToken, listTokens, revokeToken } from './routes/token-routes.ts'
import { receiveWebhook } from './routes/webhook-route.ts'

/** Every route; its allowed callers are in routes/route-policy.ts. */
export const app = new Hono<DeviceEnv>()
  .onError(errorResponse)
  .notFound(() => errorResponse(new EdgeError('not-found', 'There is nothing at this address.')))
  .use('*', securityHeaders, limitHeaders, guard) //     only callers that the route's policy allows
  .get('/api/health', c => c.json({ ok: true })) //      whether it is up, for anyone
  .post('/api/pair', pairDevice) //                      the setup secret makes a device
  .post('/api/pair/claim', claimPairing) //              a code makes one too,
  .post('/api/pair/finish', finishPairing) //            once the person has accepted it
  .get('/api/session', readSession) //                   this device
  .post('/api/unpair', unpairDevice) //                  unpairs it
  .get('/api/devices', listDevices) //                   the person's devices
  .delete('/api/devices/:id', revokeDevice) //           revokes one
  .post('/api/pairings', offerPairing) //                invites one
  .get('/api/pairings/:id', viewPairing) //              who claimed the invitation
  .post('/api/pairings/:id/answer', answerPairing) //    accepts or refuses them
  .get('/api/tokens', listTokens) //                     tokens of runners and MCP clients
  .post('/api/tokens', createToken) //                   creates one
  .delete('/api/tokens/:id', revokeToken) //             revokes one
  .get('/api/export', exportData) //                     all data, as a file
  .post('/api/erase', eraseData) //                      deletes all data
  .get('/api/notifications', readNotifications) //       whether this device is notified
  .post('/api/notifications', startNotifications) //     subscribes it
  .delete('/api/notifications', stopNotifications) //    unsubscribes it
  .post('/api/push', push) //                            a device's mutations
  .post('/api/pull', pull) //                            the rows since its cookie
  .get('/api/live', live) //                             both, with pokes and replies, on one socket
  .get('/api/tasks/:id/log', taskLog) //                 a worker's output
  .get('/api/search', searchRoute) //                    in messages, plans, logs and notes
  .get('/api/messages', messagesRoute) //                messages around a search hit
  .put('/api/attachments/:id', putAttachment) //         the file that a message announced
  .get('/api/attachments/:id', getAttachment) //         for the person's other devices
  .all('/mcp', mcp) //                                   the tools, for MCP clients
  .post('/github/webhook/:token', receiveWebhook) //     GitHub's hints, so that the runner polls sooner
  .get('/runner', runner) //                             the runner's socket
  .post('/runner/pairings', offerPairing) //             a runner is in the person's network, so it may invite
  .get('/runner/pairings/:id', viewPairing)
  .post('/runner/pairings/:id/answer', answerPairing)
  .get('/runner/tasks', listTasksRoute) //               the command line's view of the tasks,
  .get('/runner/tasks/:id/log', taskLog) //              their workers' output
  .post('/runner/tasks/:id/decide', decideTaskRoute) //  and the decisions that it may make
  .get('/runner/tokens', listTokens) //                  a runner may create tokens too
  .post('/runner/tokens', createToken)
  .delete('/runner/tokens/:id', revokeToken)
