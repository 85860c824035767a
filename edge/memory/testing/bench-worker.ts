import { DurableObject } from 'cloudflare:workers'
import { createMemoryMeasurement } from './measure-memory.ts'

interface Env { MEMORY: DurableObjectNamespace<MemoryBench> }

/** An object with only a conversation and its memory, for `npm run bench:memory`. */
export class MemoryBench extends DurableObject<Env> {
  readonly #measurement = createMemoryMeasurement(this.ctx.storage)

  override async fetch(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url)
    switch (pathname) {
      case '/fill': return Response.json(this.#measurement.fill(await request.json<{ through: number, texts: string[] }>()))
      case '/catch-up': return Response.json(await this.#measurement.catchUp(Number(searchParams.get('steps'))))
      case '/until-due': return Response.json(this.#measurement.untilDue(await request.json<{ texts: string[] }>()))
      case '/context': return Response.json(this.#measurement.context(Number(searchParams.get('times'))))
      case '/compact': return Response.json(await this.#measurement.compact(Number(searchParams.get('times'))))
      default: return Response.json(null)
    }
  }
}

export default {
  fetch: (request: Request, env: Env) => env.MEMORY.getByName(request.headers.get('object') ?? '').fetch(request),
}
