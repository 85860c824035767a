import * as z from 'zod'
import { must } from '#shared/lib/must.ts'

/** The part of package-lock.json that names what to install. */
const lockfile = z.object({
  lockfileVersion: z.literal(3),
  packages: z.record(z.string(), z.looseObject({
    version: z.string().optional(),
    dev: z.boolean().optional(),
    optionalDependencies: z.record(z.string(), z.string()).optional(),
  })),
})

const NAME = 'mainloop-edge'
const WORKERD = 'node_modules/workerd'

/**
 * A package that depends on workerd alone, in the version and with the hashes of our lockfile: the
 * image's builder installs it for the platform of the image.
 */
export function workerdPackage(lock: unknown): { packageJson: object, packageLock: object } {
  const { packages } = lockfile.parse(lock)
  const { dev: _, ...workerd } = must(packages[WORKERD], 'workerd in package-lock.json')
  const dependencies = { workerd: must(workerd.version, 'the version of workerd') }
  const platforms = Object.keys(workerd.optionalDependencies ?? {}).map(name => `node_modules/${name}`)
  return {
    packageJson: { name: NAME, private: true, dependencies },
    packageLock: {
      name: NAME,
      lockfileVersion: 3,
      requires: true,
      packages: {
        '': { name: NAME, dependencies },
        [WORKERD]: workerd,
        ...Object.fromEntries(platforms.map((path) => {
          const { dev: _, ...platform } = must(packages[path], path)
          return [path, platform]
        })),
      },
    },
  }
}
