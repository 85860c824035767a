/** A step of a job's log: what was run as its heading, and what it printed. */
export interface Step {
  heading: string
  lines: string[]
  failed: boolean
}

const GROUP = '##[group]'
const END = '##[endgroup]'
const ERROR = '##[error]'
const RUN = `${GROUP}Run `

/**
 * Cuts a cleaned log where Actions began a step. The log does not name its steps, but
 * each begins with a group that shows what is run; a script's own groups are only output.
 */
export function steps(log: readonly string[]): Step[] {
  const found: Step[] = []
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

/** Whether Actions announces what it does after the steps; it hardly ever matters. */
export function isCleanUp(heading: string): boolean {
  return heading === 'Post job cleanup.' || heading === 'Cleaning up orphan processes'
}

function begin(found: Step[], heading: string): Step {
  const step = { heading, lines: [], failed: false }
  found.push(step)
  return step
}

/**
 * How many lines repeat the step's script, shell and environment,
 * which the repository has; 0 for a group of the script's own.
 */
function preamble(log: readonly string[], from: number): number {
  const near = log.slice(from, from + MAX_PREAMBLE)
  const length = near.indexOf(END) + 1
  return near.slice(0, length).some(line => /^(?:shell: |with:$|env:$)/.test(line)) ? length : 0
}

/** Longer scripts live in files. Lines. */
const MAX_PREAMBLE = 500
