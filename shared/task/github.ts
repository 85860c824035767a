import type { Issue, PullRequest, Task } from '../model/task.ts'
import type { Transition } from './transition-builders.ts'
import { enter, illegal, same } from './transition-builders.ts'

export function pull(task: Task, opened: PullRequest): Transition {
  return task.state.status === 'proposed'
    ? illegal(task, 'have a pull request')
    : same({ ...task, pull: opened }, task.pull ? undefined : `Pull request #${opened.number} was opened.`)
}

export function issue(task: Task, opened: Issue): Transition {
  return task.state.status === 'proposed'
    ? illegal(task, 'have an issue')
    : same({ ...task, issue: opened }, task.issue ? undefined : `The plan can be discussed in issue #${opened.number}.`)
}

export function merged(task: Task, now: number): Transition {
  return task.pull
    ? enter(task, { status: 'merged', since: now }, 'The pull request was merged.')
    : illegal(task, 'be merged')
}

export function closed(task: Task, why: string | undefined, now: number): Transition {
  return task.pull
    ? enter(task, { status: 'closed', since: now }, why ?? 'The pull request was closed without merging.')
    : illegal(task, 'be closed')
}
