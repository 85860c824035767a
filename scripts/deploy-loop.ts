import type { Rendered } from './lib/overlay-problems.ts'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { loadAllYaml } from '@kubernetes/client-node'
import { overlayProblems } from './lib/overlay-problems.ts'
import { runScript } from './lib/run-script.ts'
import { runTool } from './lib/run-tool.ts'
import { UserError } from './lib/user-error.ts'

const overlay = process.env.OVERLAY || 'k8s/overlays/secret'

/** Enough to pull an image of 400 MB on a slow line. */
const ROLLOUT_TIMEOUT = '180s'

await runScript(async () => {
  if (!existsSync(overlay)) {
    throw new UserError(
      `There is no ${overlay}. Set OVERLAY to one of yours, or begin with a copy of one in k8s/overlays/.`,
    )
  }
  const example = join(overlay, 'secrets.env.example')
  if (existsSync(example) && !existsSync(join(overlay, 'secrets.env')))
    throw new UserError(`${overlay}/secrets.env is missing: copy ${example} to it and fill it in. It is not committed.`)

  const manifests = await kubectl(['kustomize', overlay])
  const problems = overlayProblems(loadAllYaml(manifests) as unknown as Rendered[])
  if (problems.length > 0)
    throw new UserError([`${overlay}/kustomization.yaml is not filled in:`, ...problems].join('\n'))

  const context = await kubectl(['config', 'current-context'])
  console.log(`Applying ${overlay} to the cluster of the context "${context}".`)
  await kubectl(['apply', '-f', '-'], manifests)
  console.log('Waiting for the runner. It pulls the image first.')
  await kubectl(['--namespace', 'mainloop', 'rollout', 'status', 'deployment/runner', `--timeout=${ROLLOUT_TIMEOUT}`])
  console.log('The runner is up. The app shows it as connected, '
    + 'and `kubectl --namespace mainloop logs deployment/runner` what it says.')
})

function kubectl(args: readonly string[], input?: string): Promise<string> {
  const install = 'See https://kubernetes.io/docs/tasks/tools; it reads the cluster from KUBECONFIG or ~/.kube/config.'
  return runTool(install, 'kubectl', args, input === undefined ? {} : { input })
}
