import type { Attachment, MessageFile } from '#shared/model/attachment.ts'
import type { TaskId } from '#shared/model/task.ts'
import type { DeviceView, NewToken, TokenView } from '#shared/protocol/access.ts'
import type { LogQuery } from '#shared/protocol/log.ts'
import type { PushSubscription } from '#shared/protocol/notifications.ts'
import type { AroundAnswer, SearchAnswer } from '#shared/protocol/search.ts'
import type { TaskDecision } from '#shared/protocol/tasks.ts'
import type { FilePlace } from './attachments/announced.ts'
import type { Env } from './env.ts'
import type { Outcome } from './github/take-delivery.ts'
import type { Device } from './members/devices.ts'
import type { MemberDeps } from './members/members.ts'
import { DurableObject } from 'cloudflare:workers'
import { PING, PONG } from '#shared/protocol/live.ts'
import { AROUND_EACH, MAX_HITS, SNIPPET_LENGTH } from '#shared/protocol/search.ts'
import { assemble } from './assemble.ts'
import { findAnnounced, settleFile } from './attachments/announced.ts'
import { takeDelivery } from './github/take-delivery.ts'
import { streamText } from './http/stream-text.ts'
import { answerMcp } from './mcp/answer-mcp.ts'
import { findDevice, listDevices, renewDevice } from './members/devices.ts'
import { ERASED, exportJson, exportMarkdown } from './members/export.ts'
import { admit, issueToken, revokeDevice, revokeToken } from './members/members.ts'
import { findToken, listTokens } from './members/tokens.ts'
import { listSubscriptions, putSubscription, removeSubscription } from './notifications/subscriptions.ts'
import { readLog } from './runner-connection/read-log.ts'
import { messagesAround } from './search/messages-around.ts'
import { search } from './search/search.ts'
import { acceptSocket, createIsRunner } from './sockets/accept-socket.ts'
import { answerPull, answerPush } from './sync/answer-http.ts'
import { answerDecision, answerTasks } from './tasks/answer-tasks.ts'
import { newTaskId } from './tasks/new-task-id.ts'

/** Everything of one person. Wiring and the platform's hooks; what they do is in the parts. */
export class Mainloop extends DurableObject<Env> {
  readonly #parts = assemble(this.ctx, this.env)
  readonly #isRunner = createIsRunner(ws => this.ctx.getTags(ws))
  readonly #members: MemberDeps = { ...this.#parts, sql: this.#parts.store.sql, sockets: tag => this.ctx.getWebSockets(tag) }

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    // Answered by the platform, so a ping does not wake the object.
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(PING, PONG))
    void ctx.blockConcurrencyWhile(() => this.#parts.wake())
  }

  push(request: Request): Promise<Response> {
    return answerPush(this.#parts.live, request)
  }

  pull(request: Request): Promise<Response> {
    return answerPull(this.#parts.live, request)
  }

  taskLog(task: TaskId, query: LogQuery): Response {
    return Response.json(readLog(this.#parts.store.sql, task, query))
  }

  tasks(): Promise<Response> {
    return answerTasks(this.#parts.store)
  }

  decideTask(id: TaskId, decision: TaskDecision): Promise<Response> {
    return answerDecision(this.#parts.store, id, decision)
  }

  search(query: string): Response {
    return Response.json({ hits: search(this.#parts.store.sql, query, { limit: MAX_HITS, length: SNIPPET_LENGTH }) } satisfies SearchAnswer)
  }

  messagesAround(sequence: number): Response {
    return Response.json({ rows: messagesAround(this.#parts.store.sql, sequence, AROUND_EACH) } satisfies AroundAnswer)
  }

  mcp(request: Request, token: TokenView): Promise<Response> {
    const { store, newId } = this.#parts
    return answerMcp({ store, newTaskId, newId }, token, request)
  }

  takeDelivery(tokenHash: string, given: Parameters<typeof takeDelivery>[2]): Outcome | null {
    return takeDelivery(this.#parts.deliveries, tokenHash, given)
  }

  announcedFile(at: FilePlace): Promise<Attachment | null> {
    return findAnnounced(this.#parts.store.rows, at)
  }

  settleFile(at: FilePlace, state: MessageFile['state']): Promise<boolean> {
    return this.#parts.store.commit(tx => settleFile(tx, at, state))
  }

  addDevice(name: string, tokenHash: string): DeviceView {
    return admit(this.#members, name, tokenHash)
  }

  findDevice(tokenHash: string): Device | null {
    const device = findDevice(this.#members.sql, tokenHash, this.#parts.now())
    if (device?.arrived)
      this.#parts.socketsChanged()
    return device
  }

  renewDevice(id: string, hashes: { from: string, to: string }): boolean {
    const renewed = renewDevice(this.#members.sql, id, hashes, this.#parts.now())
    this.#parts.socketsChanged()
    return renewed
  }

  listDevices(): DeviceView[] {
    return listDevices(this.#members.sql)
  }

  revokeDevice(id: string): void {
    revokeDevice(this.#members, id)
  }

  pushEndpoint(device: string): string | null {
    return listSubscriptions(this.#members.sql, this.#parts.now()).find(one => one.device === device)?.endpoint ?? null
  }

  async subscribe(device: string, given: PushSubscription, origin: string): Promise<ReturnType<typeof putSubscription>> {
    // What waits already is in the inbox; a device is told of what comes.
    const told = await this.#parts.notifier.marks()
    return putSubscription(this.#members.sql, { ...given, device, origin, told }, this.#parts.now())
  }

  unsubscribe(device: string): void {
    removeSubscription(this.#members.sql, device)
  }

  addToken(wanted: NewToken, tokenHash: string): TokenView | null {
    return issueToken(this.#members, wanted, tokenHash)
  }

  findToken(kind: TokenView['kind'], tokenHash: string): TokenView | null {
    return findToken(this.#members.sql, kind, tokenHash, this.#parts.now())
  }

  listTokens(): TokenView[] {
    return listTokens(this.#members.sql)
  }

  revokeToken(id: string): void {
    revokeToken(this.#members, id)
  }

  exportData(format: 'json' | 'markdown'): ReadableStream {
    const { sql } = this.#members
    return streamText(format === 'json' ? exportJson(sql, this.#parts.files) : exportMarkdown(sql))
  }

  /** Rejects with `ERASED` once nothing is left: whatever still ran in this object ends with it. */
  async erase(): Promise<void> {
    // The files first: whoever is interrupted there still has a device to try again with. What follows asks nobody else, so it cannot stop half-way.
    await this.#parts.files.removeAll()
    await this.ctx.storage.deleteAlarm()
    await this.ctx.storage.deleteAll()
    await this.ctx.storage.sync()
    this.ctx.abort(ERASED)
  }

  /** The Worker's upgrades: RPC cannot carry a socket. */
  override fetch(request: Request): Response {
    const { live, link, now, socketsChanged: connected } = this.#parts
    return acceptSocket({ accept: (ws, tags) => this.ctx.acceptWebSocket(ws, tags), connected, live, link, sql: this.#members.sql, now }, request)
  }

  override async webSocketMessage(ws: WebSocket, data: string | ArrayBuffer): Promise<void> {
    const { live, link } = this.#parts
    await (this.#isRunner(ws) ? link : live).message(ws, data)
  }

  override async webSocketClose(ws: WebSocket): Promise<void> {
    if (this.#isRunner(ws))
      await this.#parts.link.closed(ws)
  }

  override webSocketError(ws: WebSocket): Promise<void> {
    return this.webSocketClose(ws)
  }

  override alarm(): Promise<void> {
    return this.#parts.ring()
  }
}
