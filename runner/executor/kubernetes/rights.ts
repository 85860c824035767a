import type { Config } from '../../config/config.ts'
import { AuthorizationV1Api, KubeConfig } from '@kubernetes/client-node'
import { messageOf } from '../../lib/message-of.ts'

export interface Right { group: string, resource: string, verbs: readonly string[] }

/** The executor's calls to the cluster; k8s/base/role.yaml grants exactly these. */
export const RIGHTS: readonly Right[] = [
  { group: 'batch', resource: 'jobs', verbs: ['create', 'get', 'list', 'patch', 'delete'] },
  { group: '', resource: 'pods', verbs: ['get', 'list', 'watch'] },
  { group: '', resource: 'pods/log', verbs: ['get'] },
  { group: '', resource: 'secrets', verbs: ['create'] },
  { group: '', resource: 'events', verbs: ['list'] },
]

type Place = Pick<Extract<Config['executor'], { kind: 'kubernetes' }>, 'kubeconfig' | 'namespace'>

/** Returns the rights that the runner lacks, such as `create jobs`. Rejects when the cluster cannot be reached. */
export async function missingRights({ kubeconfig, namespace }: Place): Promise<string[]> {
  const config = new KubeConfig()
  if (kubeconfig === null)
    config.loadFromDefault()
  else
    config.loadFromFile(kubeconfig)
  const api = config.makeApiClient(AuthorizationV1Api)
  const rights = RIGHTS.flatMap(({ group, resource, verbs }) => verbs.map(verb => ({ group, resource, verb })))
  const reviews = await Promise.all(rights.map(async ({ group, resource, verb }) => {
    const [name = '', subresource] = resource.split('/')
    const resourceAttributes
      = { namespace, group, verb, resource: name, ...(subresource !== undefined && { subresource }) }
    const { status } = await api
      .createSelfSubjectAccessReview({ body: { spec: { resourceAttributes } } })
      .catch((cause: unknown) => {
        const why = `The cluster cannot be asked: ${messageOf(cause).split('\n')[0]}.`
        throw new Error(`${why} Check KUBECONFIG and that its API server can be reached.`, { cause })
      })
    return { right: `${verb} ${resource}`, allowed: status?.allowed ?? false }
  }))
  return reviews.filter(({ allowed }) => !allowed).map(({ right }) => right)
}
