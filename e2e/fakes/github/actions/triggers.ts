import type { BranchFilter, Workflow } from './workflow.ts'
import { matchesGlob } from 'node:path'

export type Trigger
  = | { event: 'push', branch: string }
    | { event: 'pull_request', base: string, action: string }

/** GitHub's default for `pull_request` without `types`. */
const DEFAULT_PULL_TYPES = ['opened', 'synchronize', 'reopened']

export function isTriggered(workflow: Workflow, trigger: Trigger): boolean {
  if (trigger.event === 'push')
    return workflow.push !== null && branchMatches(workflow.push, trigger.branch)
  const filter = workflow.pullRequest
  return filter !== null && (filter.types ?? DEFAULT_PULL_TYPES).includes(trigger.action) && branchMatches(filter, trigger.base)
}

/** The fake does not implement filters by changed paths, and must report them rather than run or skip a workflow by mistake. */
export function unsupportedFilters({ push, pullRequest }: Workflow): string[] {
  return (['paths', 'paths-ignore'] as const).filter(name => push?.[name] || pullRequest?.[name])
}

function branchMatches(filter: BranchFilter, branch: string): boolean {
  if (filter['branches-ignore'])
    return !lastMatch(filter['branches-ignore'], branch)
  return filter.branches ? lastMatch(filter.branches, branch) : true
}

/** As on GitHub, the last matching pattern decides, and `!` negates one. */
function lastMatch(patterns: readonly string[], branch: string): boolean {
  const last = patterns.findLast(pattern => matchesGlob(branch, pattern.replace(/^!/, '')))
  return last !== undefined && !last.startsWith('!')
}
