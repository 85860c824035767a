/** Whether a text is at most so many bytes in UTF-8. Measured only when its length leaves a doubt. */
export function fitsIn(text: string, bytes: number): boolean {
  // One to three bytes a UTF-16 unit.
  return text.length <= bytes && (text.length * 3 <= bytes || new TextEncoder().encode(text).byteLength <= bytes)
}
