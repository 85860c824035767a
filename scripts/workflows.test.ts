import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parser } from '../e2e/fakes/github/actions/parser.ts'

const FOLDER = join(import.meta.dirname, '..', '.github', 'workflows')
const names = await readdir(FOLDER)

test.each(names)('%s is accepted by GitHub', async (name) => {
  expect((await readTemplate(name)).errors).toEqual([])
})

test.each(names)('every action in %s is pinned to a major version', async (name) => {
  for (const { uses } of await steps(name))
    expect(uses ?? 'none@v1').toMatch(/@v\d+$/)
})

describe('ci.yml', () => {
  test('runs .ci/run', async () => {
    expect((await steps('ci.yml')).map(({ run }) => run)).toContain('.ci/run')
  })

  test('runs in the container that the cluster needs', async () => {
    const [job] = (await readTemplate('ci.yml')).jobs
    const container = job?.type === 'job' ? JSON.stringify(job.container) : ''
    expect(container).toContain('debian:12')
    expect(container).toContain('--privileged')
  })
})

test('release.yml publishes an image only after the tests', async () => {
  const jobs = (await readTemplate('release.yml')).jobs.map(job => ({ id: job.id.value, needs: job.needs?.map(id => id.value) ?? [] }))
  expect(jobs).toEqual([{ id: 'test', needs: [] }, { id: 'image', needs: ['test'] }])
})

test('release.yml builds both architectures with an SBOM and provenance', async () => {
  const file = await readFile(join(FOLDER, 'release.yml'), 'utf8')
  for (const line of ['platforms: linux/amd64,linux/arm64', 'sbom: true', 'provenance: mode=max'])
    expect(file).toContain(line)
  expect((await steps('release.yml')).map(({ uses }) => uses)).toContain('actions/attest@v4')
})

async function readTemplate(name: string) {
  const file = { name, content: await readFile(join(FOLDER, name), 'utf8') }
  const { context, value } = parser.parseWorkflow(file, new parser.NoOperationTraceWriter())
  if (!value)
    throw new Error(context.errors.getErrors().map(error => error.message).join('\n'))
  const template = await parser.convertWorkflowTemplate(context, value)
  return { ...template, errors: [...context.errors.getErrors().map(error => error.message), ...(template.errors ?? []).map(error => error.Message)] }
}

async function steps(name: string): Promise<{ uses?: string, run?: string }[]> {
  const { jobs } = await readTemplate(name)
  return jobs.flatMap(job => job.type === 'job' ? job.steps : []).map((step) => {
    if ('uses' in step)
      return { uses: step.uses.value }
    return 'run' in step ? { run: step.run.toString() } : {}
  })
}
