/** Returns the value, or throws an error that names it when it is absent. */
export function must<T>(value: T | null | undefined, what: string): T {
  if (value == null)
    throw new Error(`missing: ${what}`)
  return value
}
