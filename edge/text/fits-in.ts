/** Whether a text is at most so many bytes in UTF-8. Encodes it only when its length leaves a doubt. */
export function fitsIn(text: string, bytes: number): boolean {
  // A UTF-16 unit takes one to three bytes.
  return text.length <= bytes && (text.length * 3 <= bytes || new TextEncoder().encode(text).byteLength <= bytes)
}
