import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import * as z from 'zod'
import { fakeServer } from '../../github/testing/fake-server.ts'
import { missingRights, RIGHTS } from './rights.ts'

const review = z.object({
  spec: z.object({ resourceAttributes: z.object({ namespace: z.string(), verb: z.string(), resource: z.string(), subresource: z.string().optional() }) }),
})

/** A kubeconfig for an API server at this address. */
async function kubeconfigFor(server: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mainloop-rights-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = join(folder, 'kubeconfig')
  await writeFile(
    path,
    JSON.stringify({
      'apiVersion': 'v1',
      'kind': 'Config',
      'clusters': [{ name: 'c', cluster: { server, 'insecure-skip-tls-verify': true } }],
      'users': [{ name: 'u', user: {} }],
      'contexts': [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    }),
  )
  return path
}

test('the checked rights are those of the Role', async () => {
  const role = await readFile('k8s/base/role.yaml', 'utf8')
  const granted = [...role.matchAll(/resources: \[(.*)\]\n\s+verbs: \[(.*)\]/g)].map(([, resource, verbs]) => [resource, verbs])
  expect(granted).toEqual(RIGHTS.map(({ resource, verbs }) => [resource, verbs.join(', ')]))
})

test('the missing rights are named', async () => {
  await using server = await fakeServer(({ body }) => {
    const { spec } = review.parse(JSON.parse(body))
    const { resource, subresource, verb, namespace } = spec.resourceAttributes
    const allowed = namespace === 'workers' && !(resource === 'secrets' && verb === 'create') && subresource !== 'log'
    return { status: 201, body: { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec, status: { allowed } } }
  })
  expect(await missingRights({ kubeconfig: await kubeconfigFor(server.url), namespace: 'workers' })).toEqual(['get pods/log', 'create secrets'])
})

test('the error about an unreachable cluster says what to check', async () => {
  await expect(missingRights({ kubeconfig: await kubeconfigFor('http://127.0.0.1:1'), namespace: 'workers' })).rejects.toThrow('Check KUBECONFIG')
})
