import type { ClusterAccess } from './local-cluster.ts'
import process from 'node:process'
import { localCluster, whyClusterUnavailable } from './local-cluster.ts'

/** The cluster that `KUBECONFIG` names, or one of our own, which `close` takes down again when it was not up before; or why there is none. */
export async function openCluster(): Promise<{ access: ClusterAccess, close: () => Promise<void> } | { access: null, why: string }> {
  const { KUBECONFIG, HOST_ADDRESS, MAINLOOP_IMAGE } = process.env
  if (KUBECONFIG) {
    if (!HOST_ADDRESS || !MAINLOOP_IMAGE) {
      throw new Error(
        'With KUBECONFIG, the tests also need HOST_ADDRESS (of this machine, as pods reach it) and MAINLOOP_IMAGE (see `make image`, in a registry the cluster pulls from).',
      )
    }
    const kubectl = { file: 'kubectl', args: ['--kubeconfig', KUBECONFIG] }
    return { access: { kubeconfig: KUBECONFIG, hostAddress: HOST_ADDRESS, image: MAINLOOP_IMAGE, kubectl, isOurs: false }, close: async () => {} }
  }
  const why = await whyClusterUnavailable()
  if (why !== null)
    return { access: null, why: `${why} Set KUBECONFIG, HOST_ADDRESS and MAINLOOP_IMAGE to use any other.` }
  const cluster = localCluster()
  const wasUp = await cluster.isUp()
  return {
    access: await cluster.up(),
    async close() {
      if (!wasUp)
        await cluster.down()
    },
  }
}
