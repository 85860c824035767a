import { join } from 'node:path'
import process from 'node:process'
import { execa } from 'execa'
import { must } from '#shared/lib/must.ts'

const PROGRAM = join(import.meta.dirname, '..', 'cluster', 'cluster')
const ROOT = join(import.meta.dirname, '..', '..')
const IMAGE = 'mainloop:test'

/** A last resort: the program itself gives up without progress, and compiles Kubernetes in three minutes on two free cores. */
const TIMEOUT_MS = 6 * 3_600_000

export interface ClusterAccess {
  kubeconfig: string
  /** The address under which pods reach this machine. */
  hostAddress: string
  image: string
  /** Runs kubectl as administrator. */
  kubectl: { file: string, args: string[] }
  /** Whether the tests started the cluster, so that they may stop its parts. */
  isOurs: boolean
}

type Component = 'kube-apiserver' | 'etcd'

/** The cluster that this machine runs itself; see e2e/cluster/README.md. */
export function localCluster() {
  const run = (...args: string[]) => execa(PROGRAM, args, { timeout: TIMEOUT_MS, stderr: 'inherit' })
  return {
    isUp: async () => (await execa(PROGRAM, ['status'], { reject: false })).exitCode === 0,
    down: async () => void await run('down'),
    stop: async (component: Component) => void await run('stop', component),
    start: async (component: Component) => void await run('start', component),
    /** Suspends the component while `meanwhile` runs: its connections stay open, but it answers nothing. */
    async freeze(component: Component, meanwhile: () => Promise<void>) {
      const pid = Number(must(new RegExp(`^${component} +(\\d+)`, 'm').exec((await run('status')).stdout)?.[1], `a pid of ${component}`))
      process.kill(pid, 'SIGSTOP')
      try {
        await meanwhile()
      }
      finally {
        process.kill(pid, 'SIGCONT')
      }
    },
    /** Starts the cluster with an image of this working tree. Both steps return soon when nothing is to be done. */
    async up(): Promise<ClusterAccess> {
      const exports = (await run('up')).stdout
      await run('build-image', ROOT, IMAGE, 'runner/Dockerfile')
      const exported = (name: string): string => must(new RegExp(`^export ${name}=(.*)$`, 'm').exec(exports)?.[1], name)
      return {
        kubeconfig: exported('KUBECONFIG'),
        hostAddress: exported('HOST_ADDRESS'),
        image: IMAGE,
        kubectl: { file: PROGRAM, args: ['kubectl'] },
        isOurs: true,
      }
    },
  }
}

/** A sentence that says why this machine can run no cluster; null when it can. */
export async function whyClusterUnavailable(): Promise<string | null> {
  const { stdout } = await execa(PROGRAM, ['why-not'])
  return stdout === '' ? null : stdout
}
