import { stripVTControlCharacters } from 'node:util'

/** What GitHub Actions puts before every line of a job's log. */
const TIMESTAMP = /^\uFEFF?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z ?/

/** One line can be a minified bundle. Characters. */
const MAX_LINE_LENGTH = 1000

/** A secret that is cut in half is not recognised, so more than is shown is looked at. Characters. */
const MAX_READ_LENGTH = 2 * MAX_LINE_LENGTH

/**
 * A raw log as a terminal would have shown it: no timestamps, no
 * colours, no overwritten progress bars, no secrets, no overlong lines.
 */
export function logLines(raw: string, redact: (text: string) => string): string[] {
  const shown = raw
    .split('\n')
    .map(line => overwritten(stripVTControlCharacters(line.replace(TIMESTAMP, '').trimEnd())).slice(0, MAX_READ_LENGTH))
  return redact(shown.join('\n').trimEnd()).split('\n').map(cut)
}

/** What is left of a line that was written over again and again. */
function overwritten(line: string): string {
  return line.slice(line.lastIndexOf('\r') + 1)
}

function cut(line: string): string {
  return line.length > MAX_LINE_LENGTH ? `${line.slice(0, MAX_LINE_LENGTH)} …` : line
}
