/** Control characters, line ends and marks that change the direction of writing; not the joiners within emoji. */
const UNPRINTABLE = /[\p{Cc}\u2028\u2029\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]+/gu

/** Makes untrusted text one line that cannot move a terminal's cursor or hide the text after it. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, ' ')
}
