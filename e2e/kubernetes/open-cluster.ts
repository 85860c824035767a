import type { ClusterAccess } from './local-cluster.ts'
import process from 'node:process'
import { localCluster, whyClusterUnavailable } from './local-cluster.ts'

type OpenedCluster = { access: ClusterAccess, close: () => Promise<void> } | { access: null, why: string }

/** Opens the cluster that `KUBECONFIG` names, or starts our own, which `close` stops unless it was up before. */
export async function openCluster(): Promise<OpenedCluster> {
  const { KUBECONFIG, HOST_ADDRESS, MAINLOOP_IMAGE } = process.env
  if (KUBECONFIG) {
    if (!HOST_ADDRESS || !MAINLOOP_IMAGE) {
      throw new Error(
        'With KUBECONFIG, the tests also need HOST_ADDRESS (of this machine, as pods reach it) '
        + 'and MAINLOOP_IMAGE (see `make image`, in a registry the cluster pulls from).',
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
