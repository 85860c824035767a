import type { ClusterAccess } from './local-cluster.ts'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'

const SHIPPED = join(import.meta.dirname, '..', '..', 'k8s')

/** The manifests that kustomize builds from an overlay that we ship, with `secrets` in the file that a person fills in. */
export async function buildOverlay({ kubectl }: Pick<ClusterAccess, 'kubectl'>, name: string, secrets: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mainloop-overlay-'))
  try {
    await cp(SHIPPED, folder, { recursive: true })
    const overlay = join(folder, 'overlays', name)
    await writeFile(join(overlay, 'secrets.env'), Object.entries(secrets).map(([variable, value]) => `${variable}=${value}\n`).join(''))
    const file = join(overlay, 'kustomization.yaml')
    await writeFile(file, forOldKustomize(await readFile(file, 'utf8')))
    return (await execa(kubectl.file, [...kubectl.args, 'kustomize', overlay])).stdout
  }
  finally {
    await rm(folder, { recursive: true })
  }
}

/** The kustomize in kubectl 1.20 wants folders in a list of their own, which newer versions still accept. */
function forOldKustomize(text: string): string {
  return text.replace('resources:\n  - ../../base\n', 'bases:\n  - ../../base\nresources:\n').replace('resources:\nimages:', 'images:')
}
