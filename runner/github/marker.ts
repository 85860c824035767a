/**
 * What stands first in everything mainloop writes on GitHub and
 * nobody sees: with a person's own token its author is the person.
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
