/**
 * The value of a JSON text. A text that is none gives undefined,
 * which no JSON does, or what `otherwise` makes of the error.
 */
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
