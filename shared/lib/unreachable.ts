/** Ends a `switch` over a union: an unhandled member is a type error, and throws at run time. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`)
}
