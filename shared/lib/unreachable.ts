/**
 * Ends a `switch` over a union: a new member that nobody handles is a type error here, and a thrown one at run time.
 */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`)
}
