import type { Task } from '#shared/model/task.ts'
import { formatDistanceStrict } from 'date-fns/formatDistanceStrict'
import { describeState } from '#shared/task/describe-state.ts'
import { printable } from '#shared/text/printable.ts'

const MAX_TITLE = 50

/** More names of checks would not fit a line. */
const MAX_NAMES = 3

/** Formats the tasks as a table for people. */
export function taskTable(tasks: readonly Task[], now: number): string {
  const rows = tasks.map(({ id, repository, title, state, pull, blocked, usage }) => [
    id,
    repository,
    title.length > MAX_TITLE ? `${title.slice(0, MAX_TITLE - 1)}…` : title,
    `${describeState(state)}${waitsFor({ state, blocked })}, for ${formatDistanceStrict(state.since, now)}`,
    pull ? `#${pull.number}` : '-',
    `$${usage.costUsd.toFixed(2)}`,
  ])
  const all = [['TASK', 'REPOSITORY', 'TITLE', 'STATE', 'PULL', 'COST'], ...rows].map(row => row.map(printable))
  const widths = all[0]?.map((_, column) => Math.max(...all.map(row => row[column]?.length ?? 0))) ?? []
  return all.map(row => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()).join('\n')
}

/** The reason why a task waits, in brackets; nothing without one. */
function waitsFor({ state, blocked }: Pick<Task, 'state' | 'blocked'>): string {
  if (blocked)
    return ` (${blocked.why})`
  const names = state.status === 'checking' ? state.pending : state.status === 'in_review' ? state.waiting ?? [] : []
  const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : ''
  return names.length > 0 ? ` (${names.slice(0, MAX_NAMES).join(', ')}${more})` : ''
}
