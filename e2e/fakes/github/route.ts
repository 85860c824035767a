import type { Hub } from './hub.ts'
import type { Method } from './openapi.ts'
import type { Account, Level, Repository, User } from './state.ts'

/** A request that is valid by GitHub's description, by an account that may see the repository. */
export interface Call {
  hub: Hub
  user: User
  account: Account
  level: Level
  repository: Repository
  params: Readonly<Record<string, string>>
  query: Readonly<Record<string, string>>
  body: unknown
  /** The request's URL at the fake's own address, from which links to other pages are made. */
  url: URL
  /** Must be called after a handler has changed branches. */
  announcePush: () => Promise<void>
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
  /** The level that the account must have for the repository. */
  needs: Exclude<Level, 'none'>
  handle: (call: Call) => RouteResponse | Promise<RouteResponse>
}
