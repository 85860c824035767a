import type { CreatedApp } from './apps.ts'
import type { Hub } from './hub.ts'
import { must } from '#shared/lib/must.ts'
import { findRepository, newId } from './state.ts'

/** The permissions that mainloop's documentation asks for. A test compares them with the runner's. */
export const DOCUMENTED_PERMISSIONS = {
  actions: 'read',
  checks: 'read',
  contents: 'write',
  issues: 'write',
  metadata: 'read',
  pull_requests: 'write',
  statuses: 'read',
}

interface InstallOptions { permissions?: Record<string, string>, suspended?: boolean }

/** An owner has one installation of an App: a later one replaces it and keeps its id. */
export function installApp(
  { state, now }: Hub,
  { id }: CreatedApp,
  names: readonly string[],
  { permissions = DOCUMENTED_PERMISSIONS, suspended = false }: InstallOptions,
): void {
  const app = must(state.apps.find(one => String(one.id) === id), `App ${id}`)
  const repositories = names.map(name => must(findRepository(state, name), name))
  const { owner } = must(repositories[0], 'a repository to install the App for')
  const previous = app.installations.find(one => one.owner === owner)
  app.installations = [
    ...app.installations.filter(one => one !== previous),
    {
      id: previous?.id ?? newId(state),
      owner,
      repositories: repositories.map(({ fullName }) => fullName),
      permissions,
      suspendedAt: suspended ? now() : null,
      createdAt: now(),
    },
  ]
}

/** Removes all installations of an App and revokes their tokens. */
export function uninstallApp({ state }: Hub, { id }: CreatedApp): void {
  const app = must(state.apps.find(one => String(one.id) === id), `App ${id}`)
  const removed = new Set(app.installations.map(one => one.id))
  app.installations = []
  for (const [token, { installation }] of state.accounts) {
    if (installation !== undefined && removed.has(installation))
      state.accounts.delete(token)
  }
}
