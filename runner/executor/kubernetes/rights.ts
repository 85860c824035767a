import type { Config } from '../../config/config.ts'
import { AuthorizationV1Api, KubeConfig } from '@kubernetes/client-node'
import { messageOf } from '../../lib/message-of.ts'

export interface Right { group: string, resource: string, verbs: readonly string[] }

/** What k8s/base/role.yaml grants, which is all that the executor does. */
export const RIGHTS: readonly Right[] = [
  { group: 'batch', resource: 'jobs', verbs: ['create', 'get', 'list', 'patch', 'delete'] },
  { group: '', resource: 'pods', verbs: ['get', 'list', 'watch'] },
  { group: '', resource: 'pods/log', verbs: ['get'] },
  { group: '', resource: 'secrets', verbs: ['create'] },
  { group: '', resource: 'events', verbs: ['list'] },
]

type Place = Pick<Extract<Config['executor'], { kind: 'kubernetes' }>, 'kubeconfig' | 'namespace'>

/** The rights the cluster says the runner lacks: `create jobs`. Rejects when it cannot be asked. */
export async function missingRights({ kubeconfig, namespace }: Place): Promise<string[]> {
  const config = new KubeConfig()
  if (kubeconfig === null)
    config.loadFromDefault()
  else
    config.loadFromFile(kubeconfig)
  const api = config.makeApiClient(AuthorizationV1Api)
  const asked = RIGHTS.flatMap(({ group, resource, verbs }) => verbs.map(verb => ({ group, resource, verb })))
  const answers = await Promise.all(asked.map(async ({ group, resource, verb }) => {
    const [name = '', subresource] = resource.split('/')
    const body = {
      spec: {
        resourceAttributes: {
          namespace,
          group,
          verb,
          resource: name,
          ...(subresource !== undefined && { subresource }),
        },
      },
    }
    const { status } = await api.createSelfSubjectAccessReview({ body }).catch((cause: unknown) => {
      throw new Error(
        `The cluster cannot be asked: ${messageOf(cause).split('\n')[0]}. Check KUBECONFIG and that its API server can be reached.`,
        { cause },
      )
    })
    return { words: `${verb} ${resource}`, allowed: status?.allowed ?? false }
  }))
  return answers.filter(({ allowed }) => !allowed).map(({ words }) => words)
}
