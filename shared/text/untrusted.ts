/** Fences text that comes from GitHub, a log or a worker. The fence cannot be closed from inside. */
export function untrusted(source: string, text: string): string {
  return `<untrusted source="${source}">\n${text.replaceAll(/<(?=\/?untrusted)/gi, '&lt;')}\n</untrusted>`
}
