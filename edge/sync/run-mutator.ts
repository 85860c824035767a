import type * as z from 'zod'
import type { MutatorName, Mutators } from '#shared/mutators/index.ts'
import type { Tx } from '#shared/mutators/tx.ts'
import type { Mutation } from '#shared/protocol/replicache.ts'
import { Refused } from '#shared/model/refusal.ts'
import { mutators } from '#shared/mutators/index.ts'

/** Runs the mutator of this name on its parsed arguments. Throws `Refused` for an unknown name or invalid arguments. */
export async function runMutator(tx: Tx, { name, args }: Pick<Mutation, 'name' | 'args'>): Promise<void> {
  if (!isMutatorName(name)) {
    throw new Refused(
      'unknown-mutation',
      `This app asked for a change called "${name}", which is not known here. Reload the app to update it.`,
    )
  }
  await run(tx, name, args)
}

async function run<N extends MutatorName>(tx: Tx, name: N, args: unknown): Promise<void> {
  const mutator = table[name]
  const parsed = mutator.args.safeParse(args)
  if (!parsed.success)
    throw new Refused('invalid', parsed.error.issues[0]?.message ?? 'The change could not be understood.')
  await mutator.run(tx, parsed.data)
}

function isMutatorName(name: string): name is MutatorName {
  return Object.hasOwn(mutators, name)
}

type Args = { [N in MutatorName]: z.infer<Mutators[N]['args']> }

/** The same table, typed so that the arguments of one entry belong to the mutator of that entry. */
const table: { [N in MutatorName]: { args: z.ZodType<Args[N]>, run: (tx: Tx, args: Args[N]) => Promise<void> } }
  = mutators
