import type { KubernetesObject } from '@kubernetes/client-node'
import type { Rendered } from '../../scripts/lib/overlay-problems.ts'
import { loadAllYaml } from '@kubernetes/client-node'
import { describe, expect, inject, test } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { overlayProblems } from '../../scripts/lib/overlay-problems.ts'
import { buildOverlay } from './overlay.ts'

const access = inject('cluster')

interface Policy extends KubernetesObject {
  spec: { podSelector: object, policyTypes: string[], ingress?: object[], egress?: { to: { ipBlock?: { cidr: string } }[] }[] }
}
interface Role extends KubernetesObject { rules: { resources: string[], verbs: string[] }[] }

describe.skipIf(access === null)('the overlays that we ship', () => {
  const build = (name: string): Promise<KubernetesObject[]> =>
    buildOverlay(must(access, 'a cluster'), name, { RUNNER_TOKEN: 't', ANTHROPIC_API_KEY: 'k' }).then(loadAllYaml)
  const kinds = (objects: KubernetesObject[]): string[] => objects.map(({ kind = '' }) => kind)

  test.each([
    ['secret', 'Secret'],
    ['1password', 'OnePasswordItem'],
  ])('%s builds, and lacks only the settings that a person has to make', async (name, secret) => {
    const objects = await build(name)
    expect(new Set(kinds(objects))).toEqual(
      new Set(['Namespace', 'ServiceAccount', 'Role', 'RoleBinding', 'NetworkPolicy', 'ConfigMap', 'Service', 'Deployment', secret]),
    )
    expect(overlayProblems(objects as unknown as Rendered[])).toEqual([expect.stringContaining('Which image?'), expect.stringContaining('Where is the edge?')])
  })

  test('the runner may do nothing cluster-wide, and reads no Secret', async () => {
    const roles = (await build('secret')).filter(({ kind }) => kind === 'Role') as Role[]
    expect(roles.map(({ metadata }) => metadata?.namespace)).toEqual(['mainloop-workers'])
    expect(roles.flatMap(({ rules }) => rules.filter(({ resources }) => resources.includes('secrets')).flatMap(({ verbs }) => verbs))).toEqual(['create'])
    expect(JSON.stringify(roles)).not.toContain('*')
  })

  test('a worker accepts no connections, and reaches no internal address', async () => {
    const isWorkerPolicy = ({ kind, metadata }: KubernetesObject) => kind === 'NetworkPolicy' && metadata?.namespace === 'mainloop-workers'
    const policies = (await build('secret')).filter(isWorkerPolicy) as Policy[]
    expect(policies).toContainEqual(expect.objectContaining({ spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] } }))
    expect(policies.flatMap(({ spec }) => spec.ingress ?? [])).toEqual([])
    // Only GitHub's addresses may be allowed: no private network with the API server, no link-local one with the metadata service.
    const addresses = policies.flatMap(({ spec }) => spec.egress ?? []).flatMap(({ to }) => to.flatMap(({ ipBlock }) => ipBlock?.cidr ?? []))
    expect(addresses.filter(address => /^(?:0|10|100|127|169\.254|172\.(?:1[6-9]|2\d|3[01])|192\.168)\./.test(address))).toEqual([])
    expect(addresses).toHaveLength(4)
  })
})
