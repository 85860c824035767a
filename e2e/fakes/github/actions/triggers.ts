import type { BranchFilter, Workflow } from './workflow.ts'
import { matchesGlob } from 'node:path'

export type Trigger
  = | { event: 'push', branch: string }
    | { event: 'pull_request', base: string, action: string }

/** What a `pull_request` without `types` runs for. */
const DEFAULT_PULL_TYPES = ['opened', 'synchronize', 'reopened']

export function isTriggered(workflow: Workflow, trigger: Trigger): boolean {
  if (trigger.event === 'push')
    return workflow.push !== null && branchMatches(workflow.push, trigger.branch)
  const filter = workflow.pullRequest
  return filter !== null && (filter.types ?? DEFAULT_PULL_TYPES).includes(trigger.action) && branchMatches(filter, trigger.base)
}

/** Filters by changed paths are more than the fake knows; it must not run, or leave out, a workflow by mistake. */
export function unsupportedFilters({ push, pullRequest }: Workflow): string[] {
  return (['paths', 'paths-ignore'] as const).filter(name => push?.[name] || pullRequest?.[name])
}

function branchMatches(filter: BranchFilter, branch: string): boolean {
  if (filter['branches-ignore'])
    return !lastMatch(filter['branches-ignore'], branch)
  return filter.branches ? lastMatch(filter.branches, branch) : true
}

/** As GitHub reads a list of patterns: the last that matches decides, and `!` turns one around. */
function lastMatch(patterns: readonly string[], branch: string): boolean {
  const last = patterns.findLast(pattern => matchesGlob(branch, pattern.replace(/^!/, '')))
  return last !== undefined && !last.startsWith('!')
}
