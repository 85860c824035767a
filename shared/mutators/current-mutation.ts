import type { Json } from '../model/json.ts'

interface NamedMutation { name: string, args: Json }

/**
 * Former names of mutators. A device may come back after a year with unsent
 * mutations under them: append only, like migrations of storage.
 */
const RENAMED: Readonly<Record<string, (args: Json) => NamedMutation>> = {
  decideAsk: args => ({ name: 'decideApproval', args: renameField(args, 'ask', 'approval') }),
}

export const FORMER_MUTATOR_NAMES: readonly string[] = Object.keys(RENAMED)

/** The mutation under its mutator's present name, with its present arguments. */
export function currentMutation<M extends NamedMutation>(mutation: M): M {
  const rename = Object.hasOwn(RENAMED, mutation.name) ? RENAMED[mutation.name] : undefined
  return rename ? { ...mutation, ...rename(mutation.args) } : mutation
}

/** Leaves arguments of another shape unchanged: the mutator's schema refuses them. */
function renameField(args: Json, from: string, to: string): Json {
  if (typeof args !== 'object' || args === null || Array.isArray(args))
    return args
  const { [from]: value, ...rest } = args as { readonly [key: string]: Json | undefined }
  return value === undefined ? args : { ...rest, [to]: value }
}
