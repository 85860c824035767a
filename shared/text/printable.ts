/**
 * Control characters, line ends, and what turns the direction
 * of writing around; not the joiners that emoji are made of.
 */
const UNPRINTABLE = /[\p{Cc}\u2028\u2029\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]+/gu

/**
 * A stranger's words as one line that shows what it says: in a terminal
 * it moves no cursor, on a screen it hides nothing of what follows.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, ' ')
}
