import { join } from 'node:path'
import process from 'node:process'
import { execa } from 'execa'
import { must } from '#shared/lib/must.ts'

const PROGRAM = join(import.meta.dirname, '..', 'cluster', 'cluster')
const ROOT = join(import.meta.dirname, '..', '..')
const IMAGE = 'mainloop:test'

/** The program itself gives up on what makes no progress. Compiling Kubernetes takes it three minutes on two free cores. */
const TIMEOUT_MS = 6 * 3_600_000

/** What the tests are given of a cluster. */
export interface ClusterAccess {
  kubeconfig: string
  /** This machine, as pods reach it. */
  hostAddress: string
  image: string
  /** As administrator. */
  kubectl: { file: string, args: string[] }
  /** Started by us, so that its parts may be stopped. */
  isOurs: boolean
}

type Component = 'kube-apiserver' | 'etcd'

/** Our own cluster, see e2e/cluster/README.md. */
export function localCluster() {
  const run = (...args: string[]) => execa(PROGRAM, args, { timeout: TIMEOUT_MS, stderr: 'inherit' })
  return {
    isUp: async () => (await execa(PROGRAM, ['status'], { reject: false })).exitCode === 0,
    down: async () => void await run('down'),
    stop: async (component: Component) => void await run('stop', component),
    start: async (component: Component) => void await run('start', component),
    /** The component does nothing and answers nobody meanwhile, and goes on afterwards. */
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
    /** With the image of what lies in this folder; both return soon when nothing is to be done. */
    async up(): Promise<ClusterAccess> {
      const said = (await run('up')).stdout
      await run('build-image', ROOT, IMAGE, 'runner/Dockerfile')
      const exported = (name: string): string => must(new RegExp(`^export ${name}=(.*)$`, 'm').exec(said)?.[1], name)
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

/** A sentence when this machine cannot have one; null when it can. */
export async function whyClusterUnavailable(): Promise<string | null> {
  const { stdout } = await execa(PROGRAM, ['why-not'])
  return stdout === '' ? null : stdout
}
