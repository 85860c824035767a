import type { Json } from '../model/json.ts'

interface NamedMutation { name: string, args: Json }

/**
 * Mutators that had another name. Devices may hold unsent mutations under it,
 * and come back after a year: append only, as with migrations of storage.
 */
const RENAMED: Readonly<Record<string, (args: Json) => NamedMutation>> = {
  decideAsk: args => ({ name: 'decideApproval', args: renameField(args, 'ask', 'approval') }),
}

export const FORMER_MUTATOR_NAMES: readonly string[] = Object.keys(RENAMED)

/** A mutation under its mutator's present name, with the arguments that one takes. */
export function currentMutation<M extends NamedMutation>(mutation: M): M {
  const rename = Object.hasOwn(RENAMED, mutation.name) ? RENAMED[mutation.name] : undefined
  return rename ? { ...mutation, ...rename(mutation.args) } : mutation
}

/** What is no object is left for the mutator's own schema to refuse. */
function renameField(args: Json, from: string, to: string): Json {
  if (typeof args !== 'object' || args === null || Array.isArray(args))
    return args
  const { [from]: value, ...rest } = args as { readonly [key: string]: Json | undefined }
  return value === undefined ? args : { ...rest, [to]: value }
}
