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
 * The title of an attempt; a fix has its number and the limit. An
 * attempt that broke off does not count, so the next one has its number.
 */
export function attemptName(record: AttemptRecord, history: readonly AttemptRecord[], fixLimit: number): string {
  const { attempt, phase } = record
  if (phase !== 'fix')
    return NAME[phase]
  const before = history.filter(other => other.attempt < attempt && isCompleteFix(other))
  return `${NAME.fix} ${before.length + 1} of ${fixLimit}`
}

function isCompleteFix({ phase, outcome }: AttemptRecord): boolean {
  return phase === 'fix' && (outcome === 'published' || outcome === 'unchanged')
}

export function attemptResult({ outcome }: AttemptRecord): string {
  return RESULT[outcome] ?? `${outcome.slice(0, 1).toUpperCase()}${outcome.slice(1)}`
}
