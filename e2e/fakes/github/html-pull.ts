import type { Hub } from './hub.ts'
import type { Pull, Repository } from './state.ts'
import { html } from 'hono/html'
import { checkRuns } from './checks.ts'
import { jobPage } from './responses/workflow-run.ts'

export function pullState(pull: Pull): 'merged' | 'closed' | 'draft' | 'open' {
  return pull.merged ? 'merged' : pull.state === 'closed' ? 'closed' : pull.draft ? 'draft' : 'open'
}

/** A pull request as a person reads it before merging. */
export async function pullPageBody(hub: Hub, repository: Repository, pull: Pull) {
  const state = pullState(pull)
  const base = pull.merged ? `${pull.merged.commit}^1` : pull.base.sha
  const [commits, diff] = await Promise.all([repository.git.commits(pull.head.sha, base), repository.git.diff(base, pull.head.sha)])
  return html`
<p><strong>${state}</strong>: ${pull.user.login} wants to merge <code>${pull.head.ref}</code> into <code>${pull.base.ref}</code></p>
<form method="post" action="/${repository.fullName}/pull/${pull.number}/merge"><button ${state === 'open' ? '' : 'disabled'}>Merge pull request</button></form>
<pre class="words">${pull.body ?? ''}</pre>
<h2>Checks</h2>
<ul>${checkRuns(repository, pull.head.sha, 'latest').map(check => check.kind === 'job'
  ? html`<li><a href="${jobPage({ links: hub.links, repository, run: check.run, job: check.job })}">${check.run.name} / ${check.job.name}</a> ${progressWord(check.job.progress)}</li>`
  : html`<li>${check.check.app} / ${check.check.name} ${progressWord(check.check.progress)}</li>`)}</ul>
<h2>Commits</h2>
<ul>${commits.map(({ sha, message }) => html`<li><code>${sha.slice(0, 7)}</code> ${message.split('\n')[0]}</li>`)}</ul>
${pull.comments.length > 0 ? html`<h2>Comments</h2><ul>${pull.comments.map(({ user, body }) => html`<li>${user.login}: ${body}</li>`)}</ul>` : ''}
<h2>Changes</h2>
<pre>${diff}</pre>`
}

function progressWord(progress: Repository['checks'][number]['progress']): string {
  return progress.status === 'completed' ? progress.conclusion : progress.status.replace('_', ' ')
}
