import type { Files } from './attachments/files.ts'
import type { PersonId } from './auth/person-id.ts'
import type { Env } from './env.ts'
import type { Mainloop } from './mainloop.ts'
import type { PairingRegistry } from './pairing/pairing-registry.ts'
import { createFiles } from './attachments/files.ts'

/** The variables and the Durable Objects that the routes may call. */
export interface Bindings extends Env {
  MAINLOOP: DurableObjectNamespace<Mainloop>
  PAIRING_REGISTRY: DurableObjectNamespace<PairingRegistry>
}

/** The object that holds all data of one person. */
export function mainloopOf(env: Pick<Bindings, 'MAINLOOP'>, person: PersonId): DurableObjectStub<Mainloop> {
  return env.MAINLOOP.getByName(person)
}

/** The deployment's object for invitations. Its old name stays, because another name would be an empty object. */
export function pairingRegistryOf(env: Pick<Bindings, 'PAIRING_REGISTRY'>): DurableObjectStub<PairingRegistry> {
  return env.PAIRING_REGISTRY.getByName('lobby')
}

/** The files of a person, for the Worker. */
export function filesOf(
  { ATTACHMENTS, MAINLOOP }: Pick<Bindings, 'ATTACHMENTS' | 'MAINLOOP'>,
  person: PersonId,
): Files {
  return createFiles(ATTACHMENTS, MAINLOOP.idFromName(person))
}
