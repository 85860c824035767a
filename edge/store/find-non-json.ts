/**
 * Names the part of a value that JSON would change or lose; null where nothing is changed or lost. `JSON.stringify`
 * itself turns NaN and Infinity into null and leaves out what is undefined, which shows only when the row is read.
 */
export function findNonJson(value: unknown, path = 'the value'): string | null {
  switch (typeof value) {
    case 'string':
      return value.isWellFormed() ? null : `${path} has half of a surrogate pair`
    case 'number':
      return Number.isFinite(value) ? null : `${path} is ${value}`
    case 'boolean':
      return null
    case 'object':
      return value === null ? null : findInside(value, path)
    default:
      return `${path} is ${typeof value}`
  }
}

function findInside(value: object, path: string): string | null {
  if (Array.isArray(value)) {
    // Not `entries`: an array may have holes.
    for (let n = 0; n < value.length; n++) {
      const problem = findNonJson(value[n], `${path}[${n}]`)
      if (problem !== null)
        return problem
    }
    return null
  }
  for (const [key, inside] of Object.entries(value)) {
    const problem = findNonJson(key, `a key of ${path}`) ?? findNonJson(inside, `${path}.${key}`)
    if (problem !== null)
      return problem
  }
  return null
}
