import type { Hub } from './hub.ts'
import type { Method } from './openapi.ts'
import type { Account, Level, Repository, User } from './state.ts'

/** A request that is known to fit GitHub's description. */
export interface Call {
  hub: Hub
  user: User
  account: Account
  level: Level
  /** The one in the path. */
  repository: Repository
  params: Readonly<Record<string, string>>
  query: Readonly<Record<string, string>>
  body: unknown
  /** Where it was sent, for links to other pages. */
  url: URL
  /** Announces what a handler did to the branches. */
  pushed: () => Promise<void>
}

export interface RouteResponse {
  status: 200 | 201 | 204 | 302
  body?: unknown
  headers?: Record<string, string>
}

/** One operation of the API, named by its path in GitHub's description. */
export interface Route {
  method: Method
  path: string
  /** What the token must be allowed to do with the repository. */
  needs: Exclude<Level, 'none'>
  handle: (call: Call) => RouteResponse | Promise<RouteResponse>
}
