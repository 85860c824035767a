import { describe, expect, test } from 'vitest'
import { isAbout } from './find-affected-tasks.ts'
import { parseDelivery } from './parse-delivery.ts'

const sha = 'a'.repeat(40)
const repository = { full_name: 'octo/hello' }
const pull_request = { number: 7, head: { sha, ref: 'mainloop/x' } }
const commits = { repository: 'octo/hello', commits: [sha], branches: [], numbers: [] }
const aPull = { ...commits, branches: ['mainloop/x'], numbers: [7] }
const theIssue = { ...commits, commits: [], numbers: [3] }
const theBranch = { ...commits, commits: [], branches: ['mainloop/x'] }

describe('parsing a delivery', () => {
  test.each<[string, string, object, object]>([
    ['a check that ended, its commit', 'check_run', { action: 'completed', check_run: { head_sha: sha } }, commits],
    ['a suite that ended, its commit', 'check_suite', { action: 'completed', check_suite: { head_sha: sha } }, commits],
    ['a workflow that ended, its commit', 'workflow_run', { action: 'completed', workflow_run: { head_sha: sha } }, commits],
    ['a job that ended, its commit', 'workflow_job', { action: 'completed', workflow_job: { head_sha: sha } }, commits],
    ['a status, its commit', 'status', { sha }, commits],
    ['a pull request, itself', 'pull_request', { action: 'closed', pull_request }, aPull],
    ['a review, its pull request', 'pull_request_review', { action: 'submitted', pull_request }, aPull],
    ['a comment on a line, its pull request', 'pull_request_review_comment', { action: 'created', pull_request }, aPull],
    ['a comment, its issue or pull request', 'issue_comment', { action: 'created', issue: { number: 3 } }, theIssue],
    ['an issue, itself', 'issues', { action: 'closed', issue: { number: 3 } }, theIssue],
    ['a push, its branch', 'push', { ref: 'refs/heads/mainloop/x', after: sha }, theBranch],
    ['a deleted branch, itself', 'delete', { ref: 'mainloop/x', ref_type: 'branch' }, theBranch],
    ['a repository, all of it', 'repository', { action: 'archived' }, { ...commits, commits: [] }],
  ])('%s', (_, event, body, hint) => {
    expect(parseDelivery(event, { ...body, repository })).toEqual({ kind: 'hint', hint })
  })

  test.each<[string, string, object]>([
    ['a check that has not ended', 'check_run', { action: 'created', check_run: { head_sha: sha } }],
    ['a job that begins', 'workflow_job', { action: 'in_progress', workflow_job: { head_sha: sha } }],
    ['a ping', 'ping', { zen: 'Keep it logically awesome.' }],
    ['an event of no concern', 'watch', { action: 'started' }],
    ['a name that is no event', 'constructor', {}],
  ])('nothing: %s', (_, event, body) => {
    expect(parseDelivery(event, { ...body, repository })).toEqual({ kind: 'nothing' })
  })

  test.each<[string, string, unknown]>([
    ['no body', 'push', null],
    ['no repository', 'status', { sha }],
    ['an invalid commit', 'status', { sha: 'main', repository }],
    ['a repository with an invalid name', 'repository', { repository: { full_name: '../../x' } }],
    ['a pull request without a head', 'pull_request', { pull_request: { number: 7 }, repository }],
  ])('nothing readable: %s', (_, event, body) => {
    expect(parseDelivery(event, body)).toEqual({ kind: 'unreadable' })
  })
})

test.each([
  ['its commit', { commits: [sha] }, true],
  ['another commit', { commits: ['b'.repeat(40)] }, false],
  ['its branch', { branches: ['mainloop/x'] }, true],
  ['another branch', { branches: ['main'] }, false],
  ['its pull request', { numbers: [7] }, true],
  ['its issue', { numbers: [3] }, true],
  ['another number', { numbers: [8] }, false],
  ['its repository in other letters', { repository: 'Octo/Hello' }, true],
  ['another repository', { repository: 'octo/other', commits: [sha] }, false],
])('a hint at %s concerns a task: %o %s', (_, hint, concerns) => {
  const [pull, issue] = [{ number: 7, url: '', draft: true }, { number: 3, url: '' }]
  const task = { repository: 'octo/hello', branch: 'mainloop/x', heads: [sha], pull, issue }
  expect(isAbout({ repository: 'octo/hello', commits: [], branches: [], numbers: [], ...hint }, task)).toBe(concerns)
})
