import type { Context } from 'hono'
import type { Hub } from './hub.ts'
import type { Pushes } from './pushes.ts'
import type { JobRecord, Repository, WorkflowRun } from './state.ts'
import { readFile } from 'node:fs/promises'
import { Hono } from 'hono'
import { html } from 'hono/html'
import { ApiError } from './api-error.ts'
import { layout } from './html-layout.ts'
import { pullPageBody, pullState } from './html-pull.ts'
import { mergePull } from './pulls.ts'
import { jobPage } from './responses/workflow-run.ts'
import { findRepository } from './state.ts'

/** Plain pages for the links that people open in a browser, with a button to merge. They need no sign-in, as the fake is for one machine only. */
export function createHtmlRoutes(hub: Hub, pushes: Pushes): Hono {
  return new Hono()
    .get('/', (c) => {
      const items = [...hub.state.repositories.values()].map(({ fullName }) => html`<li><a href="/${fullName}">${fullName}</a></li>`)
      return c.html(layout('Fake GitHub', html`<ul>${items}</ul>`))
    })
    .get('/_logs/:job', async (c) => {
      const job = findJob(hub, Number(c.req.param('job')))
      return job ? c.text(await readFile(job.log, 'utf8')) : c.notFound()
    })
    .get('/:owner/:repo', c =>
      withRepository(hub, c, repository => c.html(layout(repository.fullName, repositoryPageBody(hub, repository)))))
    .get('/:owner/:repo/pull/:number', c =>
      withPull(hub, c, async (repository, pull) => c.html(layout(`${pull.title} #${pull.number}`, await pullPageBody(hub, repository, pull)))))
    .post('/:owner/:repo/pull/:number/merge', c =>
      withPull(hub, c, async (repository, pull) => {
        try {
          await mergePull(hub, repository, pull, { by: repository.owner })
        }
        catch (error) {
          if (error instanceof ApiError)
            return c.html(layout('Not merged', html`<p>${error.message}</p><p><a href="..">Back</a></p>`), error.status)
          throw error
        }
        await pushes.announce(repository, repository.owner)
        return c.redirect(`/${repository.fullName}/pull/${pull.number}`, 303)
      }))
    .get('/:owner/:repo/actions/runs/:run', c =>
      withRepository(hub, c, (repository) => {
        const run = repository.runs.find(one => one.id === Number(c.req.param('run')))
        if (!run)
          return c.notFound()
        return c.html(layout(`${run.name} #${run.number}`, html`<p>${run.conclusion ?? run.status}</p>${jobLinks(hub, repository, run)}`))
      }))
    .get('/:owner/:repo/actions/runs/:run/job/:job', async (c) => {
      const job = findJob(hub, Number(c.req.param('job')))
      return job ? c.html(layout(job.name, html`<pre>${await readFile(job.log, 'utf8').catch(() => 'No log yet.')}</pre>`)) : c.notFound()
    })
}

function withRepository(hub: Hub, c: Context, respond: (repository: Repository) => Response | Promise<Response>) {
  const repository = findRepository(hub.state, `${c.req.param('owner')}/${c.req.param('repo')}`)
  return repository ? respond(repository) : c.notFound()
}

function withPull(hub: Hub, c: Context, respond: (repository: Repository, pull: Repository['pulls'][number]) => Promise<Response>) {
  return withRepository(hub, c, (repository) => {
    const pull = repository.pulls.find(one => one.number === Number(c.req.param('number')))
    return pull ? respond(repository, pull) : c.notFound()
  })
}

function repositoryPageBody(hub: Hub, repository: Repository) {
  const pulls = repository.pulls.map((pull) => {
    const page = `/${repository.fullName}/pull/${pull.number}`
    return html`<li><a href="${page}">#${pull.number} ${pull.title}</a> ${pullState(pull)}</li>`
  })
  const runs = repository.runs.map(run => html`<li>${run.name} #${run.number}: ${run.conclusion ?? run.status} ${jobLinks(hub, repository, run)}</li>`)
  return html`<h2>Pull requests</h2><ul>${pulls}</ul><h2>Workflow runs</h2><ul>${runs}</ul>`
}

function jobLinks(hub: Hub, repository: Repository, run: WorkflowRun) {
  return run.jobs.map(job => html` <a href="${jobPage({ links: hub.links, repository, run, job })}">${job.name}</a>`)
}

function findJob(hub: Hub, id: number): JobRecord | undefined {
  const runs = [...hub.state.repositories.values()].flatMap(repository => repository.runs)
  return runs.flatMap(run => run.jobs).find(job => job.id === id)
}
