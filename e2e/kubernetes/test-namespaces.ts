import type { KubernetesObject } from '@kubernetes/client-node'
import type { ClusterAccess } from './local-cluster.ts'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CoreV1Api, KubeConfig, KubernetesObjectApi, loadAllYaml } from '@kubernetes/client-node'
import { execa } from 'execa'
import { nanoid } from 'nanoid'
import { must } from '#shared/lib/must.ts'
import { createCluster } from '../../runner/executor/kubernetes/client.ts'

const BASE = join(import.meta.dirname, '..', '..', 'k8s', 'base')

/**
 * Namespaces for one test file, made from the manifests that we ship, and the access of the runner's own account: whatever the tests do
 * with it, the Role that we ship allows.
 */
export async function openTestNamespaces({ kubeconfig, hostAddress, image, kubectl }: ClusterAccess) {
  const id = nanoid(6).toLowerCase().replaceAll(/[^a-z\d]/g, 'x')
  const names = { mainloop: `ml-${id}`, workers: `ml-${id}-workers` }
  const config = new KubeConfig()
  config.loadFromFile(kubeconfig)
  const objects = KubernetesObjectApi.makeApiClient(config)
  for (const object of await shippedObjects(names))
    await objects.create(object)

  const core = config.makeApiClient(CoreV1Api)
  const { status } = await core.createNamespacedServiceAccountToken({
    namespace: names.mainloop,
    name: 'runner',
    body: { spec: { audiences: [], expirationSeconds: 2 * 3600 } },
  })
  const folder = await mkdtemp(join(tmpdir(), 'mainloop-cluster-'))
  const runnerKubeconfig = join(folder, 'kubeconfig')
  await writeFile(runnerKubeconfig, asUser(config, must(status?.token, 'a token for the runner')))

  return {
    names,
    namespace: names.workers,
    hostAddress,
    image,
    runnerKubeconfig,
    cluster: createCluster({ kubeconfig: runnerKubeconfig, namespace: names.workers }),
    /** Runs kubectl as administrator in the workers' namespace. */
    kubectl: async (...args: string[]) => (await execa(kubectl.file, [...kubectl.args, '--namespace', names.workers, ...args])).stdout,
    /** Creates objects as administrator. The manifests must already be `renamed` for these namespaces. */
    apply: async (manifests: readonly KubernetesObject[]) => {
      for (const object of manifests)
        await objects.create(object)
    },
    async close() {
      await Promise.all(Object.values(names).map(name => core.deleteNamespace({ name })))
      await rm(folder, { recursive: true })
    },
  }
}

export type TestNamespaces = Awaited<ReturnType<typeof openTestNamespaces>>

/** The objects of our base without the runner's Deployment, because most tests run the runner's parts in their own process. */
async function shippedObjects(names: Names): Promise<KubernetesObject[]> {
  const files = ['namespaces.yaml', 'role.yaml', 'network-policies.yaml']
  const texts = await Promise.all(files.map(file => readFile(join(BASE, file), 'utf8')))
  return texts.flatMap(text => loadAllYaml(renamed(text, names)))
}

interface Names { mainloop: string, workers: string }

/** Manifests with other namespaces than the shipped ones. */
export function renamed(text: string, names: Names): string {
  return text
    .replaceAll(/\bmainloop-workers\b/g, names.workers)
    .replaceAll(/^(\s+name(?:space)?: )mainloop$/gm, `$1${names.mainloop}`)
}

function asUser(config: KubeConfig, token: string): string {
  const { name, server, caData } = must(config.getCurrentCluster(), 'a cluster in the kubeconfig')
  return JSON.stringify({
    'apiVersion': 'v1',
    'kind': 'Config',
    'current-context': 'runner',
    'clusters': [{ name, cluster: { server, 'certificate-authority-data': caData } }],
    'users': [{ name: 'runner', user: { token } }],
    'contexts': [{ name: 'runner', context: { cluster: name, user: 'runner' } }],
  })
}
