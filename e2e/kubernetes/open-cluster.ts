import type { Given } from './cluster-here.ts'
import process from 'node:process'
import { clusterHere, whyNoCluster } from './cluster-here.ts'

/** The cluster that `KUBECONFIG` names, or one of our own, which `close` takes down again when it was not up before; or why there is none. */
export async function openCluster(): Promise<{ given: Given, close: () => Promise<void> } | { given: null, why: string }> {
  const { KUBECONFIG, HOST_ADDRESS, MAINLOOP_IMAGE } = process.env
  if (KUBECONFIG) {
    if (!HOST_ADDRESS || !MAINLOOP_IMAGE)
      throw new Error('With KUBECONFIG, the tests also need HOST_ADDRESS (of this machine, as pods reach it) and MAINLOOP_IMAGE (see `make image`, in a registry the cluster pulls from).')
    const kubectl = { file: 'kubectl', args: ['--kubeconfig', KUBECONFIG] }
    return { given: { kubeconfig: KUBECONFIG, hostAddress: HOST_ADDRESS, image: MAINLOOP_IMAGE, kubectl, isOurs: false }, close: async () => {} }
  }
  const why = await whyNoCluster()
  if (why !== null)
    return { given: null, why: `${why} Set KUBECONFIG, HOST_ADDRESS and MAINLOOP_IMAGE to use any other.` }
  const cluster = clusterHere()
  const wasUp = await cluster.isUp()
  return {
    given: await cluster.up(),
    async close() {
      if (!wasUp)
        await cluster.down()
    },
  }
}
