import type { PairingView } from '#shared/protocol/access.ts'
import type { PersonId } from '../auth/person-id.ts'
import type { Env } from '../env.ts'
import type { Claimed, Finished, Offered, PairingDeps } from './pairings.ts'
import { DurableObject } from 'cloudflare:workers'
import { nanoid } from 'nanoid'
import { migrate } from '../store/migrate.ts'
import { countFailure, isLocked } from './attempts.ts'
import { answerPairing, claimPairing, closePairings, finishPairing, offerPairing, viewPairing } from './pairings.ts'

export const registryMigrations: readonly string[] = [
  `
  -- Open invitations. The first device that presents the code sets claim_hash; the person who compared the phrases sets
  -- accepted.
  CREATE TABLE pairings (
    id TEXT PRIMARY KEY, person TEXT NOT NULL, code_hash TEXT NOT NULL UNIQUE, short_hash TEXT NOT NULL UNIQUE,
    expires_at INTEGER NOT NULL, claim_hash TEXT UNIQUE, name TEXT, phrase TEXT, accepted INTEGER
  ) WITHOUT ROWID;

  -- Failures with secrets and codes: by address, so that guessing is slow for the guesser only, and for all short codes
  -- together.
  CREATE TABLE attempts (bucket TEXT PRIMARY KEY, since INTEGER NOT NULL, failures INTEGER NOT NULL) WITHOUT ROWID;
  `,
  `
  -- A flood from many networks leaves a row for each; deleting the old ones must not read all of them each time.
  CREATE INDEX attempts_by_since ON attempts (since);
  `,
]

/**
 * Holds open invitations and failed attempts. The deployment has one, so that a stranger's request never reaches a
 * person's object. Wiring only.
 */
export class PairingRegistry extends DurableObject<Env> {
  readonly #deps: PairingDeps

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    migrate(ctx.storage, registryMigrations)
    this.#deps = { sql: ctx.storage.sql, now: () => Date.now(), newId: () => nanoid() }
  }

  offer(person: PersonId): Promise<Offered> {
    return offerPairing(this.#deps, person)
  }

  claim(request: { code: string, name: string, address: string }): Promise<Claimed> {
    return claimPairing(this.#deps, request)
  }

  view(person: PersonId, id: string): PairingView {
    return viewPairing(this.#deps, person, id)
  }

  answer(person: PersonId, id: string, accept: boolean): PairingView {
    return answerPairing(this.#deps, person, id, accept)
  }

  /** Ends every open invitation of this person, also one that was accepted and is not finished yet. */
  close(person: PersonId): void {
    closePairings(this.#deps, person)
  }

  finish(request: { claim: string, address: string }): Promise<Finished> {
    return finishPairing(this.#deps, request)
  }

  /** Records an attempt with a setup secret, and whether its address is locked. */
  attempt(address: string, right: boolean): 'right' | 'wrong' | 'locked' {
    const { sql, now } = this.#deps
    if (isLocked(sql, address, now()))
      return 'locked'
    if (!right)
      countFailure(sql, address, now())
    return right ? 'right' : 'wrong'
  }
}
