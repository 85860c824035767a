/**
 * An upper estimate for usual text, without asking anybody, so that every
 * message can be counted: three ASCII characters a token (English has four, code
 * three), one token for a letter of two bytes, one and a half for one of three.
 */
export function countTokens(text: string): number {
  let tokens = 0
  for (let index = 0; index < text.length; index++)
    tokens += tokensOf(text.charCodeAt(index))
  return Math.ceil(tokens)
}

/** What one UTF-16 unit counts. */
export function tokensOf(unit: number): number {
  if (unit < 0x80)
    return 1 / 3
  // Two halves make a character of four bytes.
  const isHalf = unit >= 0xD800 && unit <= 0xDFFF
  return unit < 0x800 || isHalf ? 1 : 1.5
}
