import type { KubernetesObject, V1ConfigMap, V1Deployment } from '@kubernetes/client-node'
import type { ClusterAccess } from './local-cluster.ts'
import type { TestNamespaces } from './test-namespaces.ts'
import { loadAllYaml } from '@kubernetes/client-node'
import { must } from '#shared/lib/must.ts'
import { waitUntil } from '../../scripts/lib/wait-until.ts'
import { buildOverlay } from './overlay.ts'
import { renamed } from './test-namespaces.ts'

const SECRETS = ['RUNNER_TOKEN', 'GITHUB_TOKEN', 'ANTHROPIC_API_KEY']

/**
 * The runner in a pod of its own, from the overlay that we ship. It differs in the names of the namespaces, the image, the person's
 * `settings`, and the address of the gateway, because this cluster resolves no names.
 */
export async function deployRunner(access: ClusterAccess, namespaces: TestNamespaces, settings: Record<string, string>) {
  const isSecret = ([name]: [string, string]): boolean => SECRETS.includes(name)
  const entries = Object.entries(settings)
  const text = await buildOverlay(access, 'secret', Object.fromEntries(entries.filter(isSecret)))
  const objects: KubernetesObject[] = loadAllYaml(renamed(text, namespaces.names))
  const of = (kind: string) => must(objects.find(object => object.kind === kind), kind)
  const inNamespace = ['--namespace', namespaces.names.mainloop]

  await namespaces.apply([of('Service'), of('Secret')])
  const gateway = await namespaces.kubectl(...inNamespace, 'get', 'service', 'gateway', '-o', 'jsonpath={.spec.clusterIP}')
  const map: V1ConfigMap = of('ConfigMap')
  map.data = { ...Object.fromEntries(entries.filter(entry => !isSecret(entry))), MAINLOOP_IMAGE: namespaces.image, MAINLOOP_WORKER_MEMORY_REQUEST: '64Mi' }
  const deployment: V1Deployment = of('Deployment')
  const container = must(deployment.spec?.template.spec?.containers[0], 'the runner\'s container')
  container.image = namespaces.image
  must(container.env?.find(({ name }) => name === 'MAINLOOP_GATEWAY_URL'), 'the gateway\'s address').value = `http://${gateway}:8788`
  await namespaces.apply([map, deployment])

  const pods = async (): Promise<string[]> => (await namespaces.kubectl(...inNamespace, 'get', 'pods', '-o', 'name')).split('\n').filter(line => line !== '')
  return {
    ready: () =>
      waitUntil(
        'the runner to be ready',
        async () => (await namespaces.kubectl(...inNamespace, 'get', 'deployment', 'runner', '-o', 'jsonpath={.status.readyReplicas}')) === '1',
      ),
    /** Kills the runner without a signal and without waiting, as when its machine loses power. */
    kill: async () => {
      for (const pod of await pods())
        await namespaces.kubectl(...inNamespace, 'delete', pod, '--grace-period=0', '--force', '--wait=false')
    },
    /** The log of its pod since the last start. */
    logs: () => namespaces.kubectl(...inNamespace, 'logs', 'deployment/runner', '--tail=200'),
    async stop() {
      await namespaces.kubectl(...inNamespace, 'scale', 'deployment', 'runner', '--replicas=0')
      await waitUntil('the runner to be gone', async () => (await pods()).length === 0)
    },
  }
}
