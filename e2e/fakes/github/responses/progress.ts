import type { Progress } from '../state.ts'

/** The status fields that check runs, jobs and steps share. */
export function progressResponse(progress: Progress) {
  return {
    status: progress.status,
    conclusion: progress.status === 'completed' ? progress.conclusion : null,
    started_at: progress.status === 'queued' ? null : progress.startedAt.toISOString(),
    completed_at: progress.status === 'completed' ? progress.completedAt.toISOString() : null,
  }
}
