import type { AttemptRecord } from '#shared/model/task.ts'

const NAME: Record<AttemptRecord['phase'], string> = {
  plan: 'Plan',
  implement: 'Build',
  fix: 'Fix',
  feedback: 'Review changes',
}
const RESULT: Record<string, string> = {
  planned: 'Wrote the plan.',
  published: 'Pushed its changes.',
  unchanged: 'Changed nothing.',
  limited: 'Reached the usage limit.',
}

/**
 * What an attempt was, a fix with its number of how many there may be. One that broke off is the same fix as the next.
 */
export function attemptName(
  { attempt, phase }: AttemptRecord,
  history: readonly AttemptRecord[],
  fixLimit: number,
): string {
  if (phase !== 'fix')
    return NAME[phase]
  const before = history.filter(
    other =>
      other.attempt < attempt
      && other.phase === 'fix'
      && (other.outcome === 'published' || other.outcome === 'unchanged'),
  )
  return `${NAME.fix} ${before.length + 1} of ${fixLimit}`
}

export function attemptResult({ outcome }: AttemptRecord): string {
  return RESULT[outcome] ?? `${outcome.slice(0, 1).toUpperCase()}${outcome.slice(1)}`
}
