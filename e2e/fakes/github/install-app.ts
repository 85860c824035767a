import type { AppMade } from './apps.ts'
import type { Hub } from './hub.ts'
import { must } from '#shared/lib/must.ts'
import { findRepository, newId } from './state.ts'

/** What mainloop's documentation asks for. */
const PERMISSIONS = { actions: 'read', checks: 'read', contents: 'write', issues: 'write', metadata: 'read', pull_requests: 'write', statuses: 'read' }

/** One installation for each owner; a later one takes the place of an earlier. */
export function installApp(
  { state, now }: Hub,
  { id }: AppMade,
  names: readonly string[],
  { permissions = PERMISSIONS, suspended = false }: { permissions?: Record<string, string>, suspended?: boolean },
): void {
  const app = must(
    state.apps.find(one => String(one.id) === id),
    `App ${id}`,
  )
  const repositories = names.map(name => must(findRepository(state, name), name))
  const { owner } = must(repositories[0], 'a repository to install the App for')
  const before = app.installations.find(one => one.owner === owner)
  app.installations = [
    ...app.installations.filter(one => one !== before),
    {
      id: before?.id ?? newId(state),
      owner,
      repositories: repositories.map(({ fullName }) => fullName),
      permissions,
      suspendedAt: suspended ? now() : null,
      createdAt: now(),
    },
  ]
}

/** Everywhere, by its owners: the tokens it was given are none any more. */
export function uninstallApp({ state }: Hub, { id }: AppMade): void {
  const app = must(state.apps.find(one => String(one.id) === id), `App ${id}`)
  const gone = new Set(app.installations.map(one => one.id))
  app.installations = []
  for (const [token, { installation }] of state.accounts) {
    if (installation !== undefined && gone.has(installation))
      state.accounts.delete(token)
  }
}
