import type { MessageFile } from '#shared/model/attachment.ts'
import type { TaskId } from '#shared/model/task.ts'
import type { NewToken, TokenView } from '#shared/protocol/access.ts'
import type { LogQuery } from '#shared/protocol/log.ts'
import type { PushSubscription } from '#shared/protocol/notifications.ts'
import type { TaskDecision } from '#shared/protocol/tasks.ts'
import type { FilePlace } from './attachments/message-files.ts'
import type { Env } from './env.ts'
import { DurableObject } from 'cloudflare:workers'
import { PING, PONG } from '#shared/protocol/live.ts'
import { assemble } from './assemble.ts'
import { findMessageFile, markFile } from './attachments/message-files.ts'
import { takeDelivery } from './github/take-delivery.ts'
import { streamText } from './http/stream-text.ts'
import { answerMcp } from './mcp/answer-mcp.ts'
import { findDevice, listDevices, renewDevice } from './members/devices.ts'
import { eraseAll } from './members/erase.ts'
import { exportJson, exportMarkdown } from './members/export.ts'
import { admit, issueToken, revokeDevice, revokeToken } from './members/members.ts'
import { createIsRunner } from './members/socket-tags.ts'
import { findToken, listTokens } from './members/tokens.ts'
import { findEndpoint } from './notifications/subscriptions.ts'
import { readLog } from './runner-connection/read-log.ts'
import { answerAround, answerSearch } from './search/answer-search.ts'
import { acceptSocket } from './sockets/accept-socket.ts'
import { answerClose } from './sockets/answer-close.ts'
import { answerPull, answerPush } from './sync/answer-http.ts'
import { answerDecision, answerTasks } from './tasks/answer-tasks.ts'

/** Holds all data of one person. It has only wiring and the platform's hooks; the logic is in the parts. */
export class Mainloop extends DurableObject<Env> {
  readonly #parts = assemble(this.ctx, this.env)
  readonly #members = this.#parts.members
  readonly #isRunner = createIsRunner(ws => this.ctx.getTags(ws))

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    // Answered by the platform, so a ping does not wake the object.
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(PING, PONG))
    void ctx.blockConcurrencyWhile(() => this.#parts.wake())
  }

  push(request: Request) { return answerPush(this.#parts.live, request) }
  pull(request: Request) { return answerPull(this.#parts.live, request) }
  taskLog(task: TaskId, query: LogQuery) { return Response.json(readLog(this.#members.sql, task, query)) }
  tasks() { return answerTasks(this.#parts.store) }
  decideTask(id: TaskId, decision: TaskDecision) { return answerDecision(this.#parts.store, id, decision) }
  search(query: string) { return answerSearch(this.#members.sql, query) }
  messagesAround(sequence: number) { return answerAround(this.#members.sql, sequence) }

  mcp(request: Request, token: TokenView) {
    return answerMcp({ store: this.#parts.store, newId: this.#members.newId }, token, request)
  }

  takeDelivery(tokenHash: string, signed: Parameters<typeof takeDelivery>[2]) {
    return takeDelivery(this.#parts.deliveries, tokenHash, signed)
  }

  messageFile(at: FilePlace) { return findMessageFile(this.#parts.store.rows, at) }

  markFile(at: FilePlace, state: MessageFile['state']) {
    return this.#parts.store.commit(tx => markFile(tx, at, state))
  }

  addDevice(name: string, tokenHash: string) { return admit(this.#members, name, tokenHash) }

  findDevice(tokenHash: string) {
    const device = findDevice(this.#members.sql, tokenHash, this.#members.now())
    if (device?.isFirstUse)
      this.#parts.socketsChanged()
    return device
  }

  renewDevice(id: string, hashes: { from: string, to: string }) {
    const renewed = renewDevice(this.#members.sql, id, hashes, this.#members.now())
    this.#parts.socketsChanged()
    return renewed
  }

  listDevices() { return listDevices(this.#members.sql) }
  revokeDevice(id: string) { revokeDevice(this.#members, id) }
  webPushEndpoint(device: string) { return findEndpoint(this.#members.sql, device, this.#members.now()) }

  subscribe(device: string, subscription: PushSubscription, origin: string) {
    return this.#parts.notifier.subscribe({ ...subscription, device, origin })
  }

  unsubscribe(device: string) { this.#members.removeSubscription(device) }
  addToken(wanted: NewToken, tokenHash: string) { return issueToken(this.#members, wanted, tokenHash) }

  findToken(kind: TokenView['kind'], tokenHash: string) {
    return findToken(this.#members.sql, kind, tokenHash, this.#members.now())
  }

  listTokens() { return listTokens(this.#members.sql) }
  revokeToken(id: string) { revokeToken(this.#members, id) }

  exportData(format: 'json' | 'markdown') {
    const { sql } = this.#members
    return streamText(format === 'json' ? exportJson(sql, this.#parts.files) : exportMarkdown(sql))
  }

  erase() { return eraseAll(this.ctx, this.#parts.files) }

  /** Takes the Worker's upgrades, because RPC cannot carry a socket. */
  override fetch(request: Request): Response {
    const { live, runner, socketsChanged: connected } = this.#parts
    const accept = (ws: WebSocket, tags: string[]) => this.ctx.acceptWebSocket(ws, tags)
    return acceptSocket(
      { ...this.#members, accept, connected, connectDevice: live.connect, connectRunner: runner.connect },
      request,
    )
  }

  override async webSocketMessage(ws: WebSocket, data: string | ArrayBuffer): Promise<void> {
    const { live, runner } = this.#parts
    await (this.#isRunner(ws) ? runner : live).message(ws, data)
  }

  override async webSocketClose(ws: WebSocket, code: number, reason: string): Promise<void> {
    try {
      answerClose(ws, code, reason)
    }
    finally {
      await this.#closed(ws)
    }
  }

  override webSocketError(ws: WebSocket): Promise<void> { return this.#closed(ws) }
  override alarm(): Promise<void> { return this.#parts.fireAlarm() }

  async #closed(ws: WebSocket): Promise<void> {
    if (this.#isRunner(ws))
      await this.#parts.runner.closed(ws)
  }
}
