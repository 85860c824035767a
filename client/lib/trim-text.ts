/** Removes blank lines at the beginning and blank space at the end, but no indentation: pasted code begins with it. */
export function trimText(text: string): string {
  return text.replace(/^(?:[^\S\n]*\n)+/, '').trimEnd()
}
