/** Undefined for a text that is not JSON: whatever runs in a container may print. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  }
  catch (error) {
    if (error instanceof SyntaxError)
      return undefined
    throw error
  }
}
