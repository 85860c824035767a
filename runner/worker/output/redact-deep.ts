/** Copies a JSON value with all its strings redacted. The caller parses the copy. */
export function redactDeep(value: unknown, redact: (text: string) => string): unknown {
  return JSON.parse(JSON.stringify(value), (_, part) => typeof part === 'string' ? redact(part) : part)
}
