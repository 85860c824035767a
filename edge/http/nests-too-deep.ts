/** Twice the depth of any valid body. Code that walks a parsed value needs no limit of its own. */
const MAX_DEPTH = 64

const [QUOTE, BACKSLASH, OPEN_LIST, OPEN_OBJECT, CLOSE_LIST, CLOSE_OBJECT] = [...'"\\[{]}'].map(character =>
  character.charCodeAt(0),
)

/** Scans the text itself, because it protects the parser. */
export function nestsTooDeep(json: string): boolean {
  let depth = 0
  let inString = false
  for (let i = 0; i < json.length; i++) {
    const code = json.charCodeAt(i)
    if (inString && code === BACKSLASH)
      i++
    else if (code === QUOTE)
      inString = !inString
    else if (!inString && (code === OPEN_LIST || code === OPEN_OBJECT) && ++depth > MAX_DEPTH)
      return true
    else if (!inString && (code === CLOSE_LIST || code === CLOSE_OBJECT))
      depth--
  }
  return false
}
