/** The value at the point of belief: throws, naming what was believed, when it is absent. */
export function must<T>(value: T | null | undefined, what: string): T {
  if (value == null)
    throw new Error(`missing: ${what}`)
  return value
}
