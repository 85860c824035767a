/** Parses JSON. Invalid text gives `undefined`, which no JSON does, or the result of `otherwise`. */
export function parseJson(text: string, otherwise: (error: SyntaxError) => unknown = () => undefined): unknown {
  try {
    return JSON.parse(text)
  }
  catch (error) {
    if (error instanceof SyntaxError)
      return otherwise(error)
    throw error
  }
}
