import type { CheckRun } from './checks.ts'
import type { Hub } from './hub.ts'
import type { Pull, Repository } from './state.ts'
import { html } from 'hono/html'
import { checkRuns } from './checks.ts'
import { jobPage } from './responses/workflow-run.ts'

export function pullState(pull: Pull): 'merged' | 'closed' | 'draft' | 'open' {
  return pull.merged ? 'merged' : pull.state === 'closed' ? 'closed' : pull.draft ? 'draft' : 'open'
}

/** The page on which a person reads a pull request before merging it. */
export async function pullPageBody(hub: Hub, repository: Repository, pull: Pull) {
  const state = pullState(pull)
  const base = pull.merged ? `${pull.merged.commit}^1` : pull.base.sha
  const [commits, diff] = await Promise.all([repository.git.commits(pull.head.sha, base), repository.git.diff(base, pull.head.sha)])
  return html`
<p><strong>${state}</strong>: ${pull.user.login} wants to merge <code>${pull.head.ref}</code> into <code>${pull.base.ref}</code></p>
<form method="post" action="/${repository.fullName}/pull/${pull.number}/merge"><button ${state === 'open' ? '' : 'disabled'}>Merge pull request</button></form>
<pre class="text">${pull.body ?? ''}</pre>
<h2>Checks</h2>
<ul>${checkRuns(repository, pull.head.sha, 'latest').map(check => checkItem(hub, repository, check))}</ul>
<h2>Commits</h2>
<ul>${commits.map(({ sha, message }) => html`<li><code>${sha.slice(0, 7)}</code> ${message.split('\n')[0]}</li>`)}</ul>
${pull.comments.length > 0 ? html`<h2>Comments</h2><ul>${pull.comments.map(({ user, body }) => html`<li>${user.login}: ${body}</li>`)}</ul>` : ''}
<h2>Changes</h2>
<pre>${diff}</pre>`
}

function checkItem({ links }: Hub, repository: Repository, run: CheckRun) {
  if (run.kind === 'external')
    return html`<li>${run.check.app} / ${run.check.name} ${progressWord(run.check.progress)}</li>`
  const page = jobPage({ links, repository, run: run.run, job: run.job })
  return html`<li><a href="${page}">${run.run.name} / ${run.job.name}</a> ${progressWord(run.job.progress)}</li>`
}

function progressWord(progress: Repository['checks'][number]['progress']): string {
  return progress.status === 'completed' ? progress.conclusion : progress.status.replace('_', ' ')
}
