/** The beginning of the text, at most so many UTF-16 units; a surrogate pair is not split. */
export function cutTo(text: string, length: number): string {
  const head = text.slice(0, length)
  return isHighSurrogate(head.charCodeAt(length - 1)) && !isHighSurrogate(text.charCodeAt(length))
    ? head.slice(0, -1)
    : head
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xD800 && unit <= 0xDBFF
}
