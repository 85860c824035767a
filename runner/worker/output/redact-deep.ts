/** The same value with every text in it redacted; to be parsed again. */
export function redactDeep(value: unknown, redact: (text: string) => string): unknown {
  return JSON.parse(JSON.stringify(value), (_, part) => typeof part === 'string' ? redact(part) : part)
}
