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

/** Every route; who may call it is in routes/route-policy.ts. */
export const app = new Hono<DeviceEnv>()
  .onError(errorResponse)
  .notFound(() => errorResponse(new EdgeError('not-found', 'There is nothing at this address.')))
  .use('*', securityHeaders, limitHeaders, guard) //         only what the table of route policies allows
  .get('/api/health', c => c.json({ ok: true })) //      whether it is up, to anyone
  .post('/api/pair', pairDevice) //                      the setup secret makes a device
  .post('/api/pair/claim', claimPairing) //              a code from a paired device or the runner, too,
  .post('/api/pair/finish', finishPairing) //            once the person there has said yes
  .get('/api/session', readSession) //                   this device
  .post('/api/unpair', unpairDevice) //                  and its end
  .get('/api/devices', listDevices) //                   the person's devices
  .delete('/api/devices/:id', revokeDevice) //           one less
  .post('/api/pairings', offerPairing) //                one more
  .get('/api/pairings/:id', viewPairing) //            who showed its code
  .post('/api/pairings/:id/answer', answerPairing) //    and whether it is them
  .get('/api/tokens', listTokens) //                     what runners and MCP clients present
  .post('/api/tokens', createToken) //                   one more
  .delete('/api/tokens/:id', revokeToken) //             one less
  .get('/api/export', exportData) //                      all of it, as a file
  .post('/api/erase', eraseData) //                      and its end
  .get('/api/notifications', readNotifications) //       whether this device is told what waits,
  .post('/api/notifications', startNotifications) //     from now on,
  .delete('/api/notifications', stopNotifications) //    or no more
  .post('/api/push', push) //                            their changes
  .post('/api/pull', pull) //                            ours since their cookie
  .get('/api/live', live) //                             both, pokes and tokens on one socket
  .get('/api/tasks/:id/log', taskLog) //                 what a worker printed
  .get('/api/search', searchRoute) //                    what was said, planned, logged and noted
  .get('/api/messages', messagesRoute) //                a place in the past, whichever age
  .put('/api/attachments/:id', putAttachment) //         the bytes of what a message announced
  .get('/api/attachments/:id', getAttachment) //         for the person's other devices
  .all('/mcp', mcp) //                                   the tools, to whoever has a token for them
  .post('/github/webhook/:token', receiveWebhook) //     what GitHub tells, so that the runner looks sooner
  .get('/runner', runner) //                             the runner's socket
  .post('/runner/pairings', offerPairing) //             it stands in the person's network, so it may invite
  .get('/runner/pairings/:id', viewPairing)
  .post('/runner/pairings/:id/answer', answerPairing)
  .get('/runner/tasks', listTasksRoute) //               the command line's view of the tasks,
  .get('/runner/tasks/:id/log', taskLog) //              what their workers printed
  .post('/runner/tasks/:id/decide', decideTaskRoute) //  and the decisions that need no screen
  .get('/runner/tokens', listTokens) //                  and hand out tokens
  .post('/runner/tokens', createToken)
  .delete('/runner/tokens/:id', revokeToken)
