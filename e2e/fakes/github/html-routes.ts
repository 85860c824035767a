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

/** What a person opens in a browser: plain pages for the links that lead here, with a button to merge. Loopback only, so nobody signs in. */
export function createHtmlRoutes(hub: Hub, pushes: Pushes): Hono {
  return new Hono()
    .get('/', c =>
      c.html(
        layout(
          'Fake GitHub',
          html`<ul>
            ${[...hub.state.repositories.values()].map(({ fullName }) => html`<li><a href="/${fullName}">${fullName}</a></li>`)}
          </ul>`,
        ),
      ))
    .get('/_logs/:job', async (c) => {
      const found = findJob(hub, Number(c.req.param('job')))
      return found ? c.text(await readFile(found.job.log, 'utf8')) : c.notFound()
    })
    .get('/:owner/:repo', c =>
      withRepository(hub, c, repository =>
        c.html(
          layout(
            repository.fullName,
            html` <h2>Pull requests</h2>
              <ul>
                ${repository.pulls.map(pull => html`<li><a href="/${repository.fullName}/pull/${pull.number}">#${pull.number} ${pull.title}</a> ${pullState(pull)}</li>`)}
              </ul>
              <h2>Workflow runs</h2>
              <ul>
                ${repository.runs.map(run => html`<li>${run.name} #${run.number}: ${run.conclusion ?? run.status} ${jobLinks(hub, repository, run)}</li>`)}
              </ul>`,
          ),
        )))
    .get('/:owner/:repo/pull/:number', c =>
      withPull(hub, c, async (repository, pull) => c.html(layout(`${pull.title} #${pull.number}`, await pullPageBody(hub, repository, pull)))))
    .post('/:owner/:repo/pull/:number/merge', c =>
      withPull(hub, c, async (repository, pull) => {
        try {
          await mergePull(hub, repository, pull, { by: repository.owner })
        }
        catch (error) {
          if (error instanceof ApiError) {
            return c.html(
              layout(
                'Not merged',
                html`<p>${error.message}</p>
                  <p><a href="..">Back</a></p>`,
              ),
              error.status,
            )
          }
          throw error
        }
        await pushes.announce(repository, repository.owner)
        return c.redirect(`/${repository.fullName}/pull/${pull.number}`, 303)
      }))
    .get('/:owner/:repo/actions/runs/:run', c =>
      withRepository(hub, c, (repository) => {
        const run = repository.runs.find(one => one.id === Number(c.req.param('run')))
        return run
          ? c.html(
              layout(
                `${run.name} #${run.number}`,
                html`<p>${run.conclusion ?? run.status}</p>
                  ${jobLinks(hub, repository, run)}`,
              ),
            )
          : c.notFound()
      }))
    .get('/:owner/:repo/actions/runs/:run/job/:job', async (c) => {
      const found = findJob(hub, Number(c.req.param('job')))
      return found ? c.html(layout(found.job.name, html`<pre>${await readFile(found.job.log, 'utf8').catch(() => 'No log yet.')}</pre>`)) : c.notFound()
    })
}

function withRepository(hub: Hub, c: Context, answer: (repository: Repository) => Response | Promise<Response>) {
  const repository = findRepository(hub.state, `${c.req.param('owner')}/${c.req.param('repo')}`)
  return repository ? answer(repository) : c.notFound()
}

function withPull(hub: Hub, c: Context, answer: (repository: Repository, pull: Repository['pulls'][number]) => Promise<Response>) {
  return withRepository(hub, c, (repository) => {
    const pull = repository.pulls.find(one => one.number === Number(c.req.param('number')))
    return pull ? answer(repository, pull) : c.notFound()
  })
}

function jobLinks(hub: Hub, repository: Repository, run: WorkflowRun) {
  return run.jobs.map(job => html` <a href="${jobPage({ links: hub.links, repository, run, job })}">${job.name}</a>`)
}

function findJob(hub: Hub, id: number): { job: JobRecord } | undefined {
  for (const repository of hub.state.repositories.values()) {
    for (const run of repository.runs) {
      const job = run.jobs.find(one => one.id === id)
      if (job)
        return { job }
    }
  }
}
