import type { JobSpec } from '../../job/job-spec.ts'
import type { WorkerSecrets } from '../../job/stage-protocol.ts'
import { APP, LABEL } from './labels.ts'

/** The Secret with the files of an attempt's stages. The Job owns it, so the cluster removes both together. */
export function secretManifest(
  name: string,
  job: { name: string, uid: string },
  spec: JobSpec,
  { git, checkout = git, model }: WorkerSecrets,
) {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name,
      labels: { [LABEL.app]: APP, [LABEL.job]: job.name },
      ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name: job.name, uid: job.uid }],
    },
    immutable: true,
    stringData: {
      'spec.json': JSON.stringify(spec),
      'checkout.json': JSON.stringify(checkout),
      'git.json': JSON.stringify(git),
      'model.json': JSON.stringify(model),
    },
  }
}

export type SecretManifest = ReturnType<typeof secretManifest>
