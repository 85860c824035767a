/** A step of a job's log: its command as the heading, and its output. */
export interface LogStep {
  heading: string
  lines: string[]
  failed: boolean
}

const GROUP = '##[group]'
const END = '##[endgroup]'
const ERROR = '##[error]'
const RUN = `${GROUP}Run `

/**
 * Splits a cleaned log into steps. Actions does not name them, but each one begins with a group `Run …`.
 * Other groups are a script's own output.
 */
export function logSteps(log: readonly string[]): LogStep[] {
  const found: LogStep[] = []
  let current = begin(found, 'Start of the log')
  for (let at = 0; at < log.length; at++) {
    const line = log[at] ?? ''
    if (line.startsWith(RUN) || isCleanUp(line)) {
      current = begin(found, line.replace(GROUP, ''))
      at += line.startsWith(RUN) ? preamble(log, at + 1) : 0
      continue
    }
    if (line === END)
      continue
    current.failed ||= line.startsWith(ERROR)
    current.lines.push(line.replace(ERROR, 'Error: ').replace(/^##\[[a-z]+\]/, ''))
  }
  return found
}

/** Whether the heading begins Actions' clean-up after the steps, which hardly ever explains a failure. */
export function isCleanUp(heading: string): boolean {
  return heading === 'Post job cleanup.' || heading === 'Cleaning up orphan processes'
}

function begin(found: LogStep[], heading: string): LogStep {
  const step = { heading, lines: [], failed: false }
  found.push(step)
  return step
}

/** The number of lines that repeat the step's script, shell and environment; 0 for a script's own group. */
function preamble(log: readonly string[], from: number): number {
  const near = log.slice(from, from + MAX_PREAMBLE)
  const length = near.indexOf(END) + 1
  return near.slice(0, length).some(line => /^(?:shell: |with:$|env:$)/.test(line)) ? length : 0
}

/** Longer scripts are in files of their own. Lines. */
const MAX_PREAMBLE = 500
