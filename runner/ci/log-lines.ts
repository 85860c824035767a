import { stripVTControlCharacters } from 'node:util'

/** GitHub Actions starts every line of a job's log with a time. */
const TIMESTAMP = /^\uFEFF?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z ?/

/** A line can be a minified bundle. Characters. */
const MAX_LINE_LENGTH = 1000

/** The redactor does not recognise half a secret, so it sees more than is returned. Characters. */
const MAX_READ_LENGTH = 2 * MAX_LINE_LENGTH

/**
 * The lines of a raw log as a terminal shows them: without timestamps, colours and overwritten progress bars.
 * Secrets are redacted and overlong lines are cut.
 */
export function logLines(raw: string, redact: (text: string) => string): string[] {
  const lines = raw
    .split('\n')
    .map(line => stripVTControlCharacters(line.replace(TIMESTAMP, '').trimEnd()))
    .map(line => lastOverwrite(line).slice(0, MAX_READ_LENGTH))
  return redact(lines.join('\n').trimEnd()).split('\n').map(cut)
}

/** A progress bar overwrites its line after each carriage return. */
function lastOverwrite(line: string): string {
  return line.slice(line.lastIndexOf('\r') + 1)
}

function cut(line: string): string {
  return line.length > MAX_LINE_LENGTH ? `${line.slice(0, MAX_LINE_LENGTH)} …` : line
}
