/**
 * An upper estimate for usual text, without a request to the API: one token per three ASCII characters (English
 * has four, code three), one per character of two bytes, one and a half per character of three bytes.
 */
export function countTokens(text: string): number {
  let tokens = 0
  for (let index = 0; index < text.length; index++)
    tokens += tokensOf(text.charCodeAt(index))
  return Math.ceil(tokens)
}

/** The tokens of one UTF-16 unit. */
export function tokensOf(unit: number): number {
  if (unit < 0x80)
    return 1 / 3
  // A surrogate pair is one character of four bytes.
  const isHalf = unit >= 0xD800 && unit <= 0xDFFF
  return unit < 0x800 || isHalf ? 1 : 1.5
}
