import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { buildApp } from '../selfhost/build-app.ts'
import { workerdPackage } from '../selfhost/config/workerd-package.ts'

/** Makes of the build in `dist` the folder from which selfhost/Dockerfile makes the edge's image. */
const [from = 'dist', to = join('dist', 'edge-image')] = process.argv.slice(2)
const { packageJson, packageLock } = workerdPackage(JSON.parse(await readFile('package-lock.json', 'utf8')))

await rm(to, { recursive: true, force: true })
await buildApp({ from, to: join(to, 'app') })
await writeFile(join(to, 'package.json'), JSON.stringify(packageJson, null, 2))
await writeFile(join(to, 'package-lock.json'), JSON.stringify(packageLock, null, 2))
