/**
 * The hidden first line of all text that mainloop writes on GitHub. The author does not tell it apart: with a
 * person's token, that is the person.
 */
export function marker(task: string, what: string): string {
  return `<!-- mainloop:${task}:${what} -->`
}

export function marked(mark: string, text: string): string {
  return `${mark}\n${text}`
}

export function isMarked(body: string | null | undefined, mark: string): boolean {
  return body?.startsWith(mark) ?? false
}

export function isOurs(body: string | null | undefined): boolean {
  return isMarked(body, '<!-- mainloop:')
}
