import type { Site } from './workers/site.ts'
import { createHash } from 'node:crypto'
import { cp, glob, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { getMimeType } from 'hono/utils/mime'
import { build } from 'vite'
import { readBuiltApp } from './config/built-app.ts'
import { parseHeadersFile, pathPattern } from './config/parse-headers-file.ts'
import { PATHS, variableDefaults, workerdConfig, WORKERS } from './config/workerd-config.ts'

/** Makes of the build in `from` the folder `to` that workerd serves, with the command that starts it. */
export async function buildApp({ from, to }: { from: string, to: string }): Promise<void> {
  const worker = join(from, 'mainloop')
  const app = await readBuiltApp(worker)
  const page = resolve(worker, app.assets.directory)
  const modules = await Array.fromAsync(glob('**/*.js', { cwd: worker }))
  const site = await readSite(page, app.assets.run_worker_first)

  await mkdir(to, { recursive: true })
  for (const module of modules)
    await cp(join(worker, module), join(to, PATHS.edge, module))
  for (const { file } of Object.values(site.files))
    await cp(join(page, file), join(to, PATHS.page, file))
  await bundleWorkers(join(to, PATHS.workers))
  await writeFile(join(to, 'mainloop.capnp'), workerdConfig({ app, modules, site }))
  await writeFile(join(to, 'variables'), variableDefaults(app))
  await cp(join(import.meta.dirname, 'start'), join(to, 'start'))
}

/** Every file of the page but those that are for Cloudflare: `_headers`, and what begins with a dot. */
async function readSite(folder: string, workerFirst: readonly string[]): Promise<Site> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter(entry => entry.isFile())
    .map(entry => relative(folder, join(entry.parentPath, entry.name)))
  const served = paths.filter(path => path !== '_headers' && !path.split('/').some(part => part.startsWith('.')))
  const files = await Promise.all(served.toSorted().map(async file => [`/${file}`, {
    file,
    type: typeOf(file),
    etag: `"${createHash('sha256').update(await readFile(join(folder, file))).digest('hex').slice(0, 32)}"`,
  }] as const))
  const headers = paths.includes('_headers') ? parseHeadersFile(await readFile(join(folder, '_headers'), 'utf8')) : []
  return { files: Object.fromEntries(files), headers, workerFirst: workerFirst.map(pathPattern) }
}

function typeOf(file: string): string {
  const [type = '', charset] = (getMimeType(file) ?? 'application/octet-stream').split(';')
  // A drawing says its own.
  return type.startsWith('text/') && charset !== undefined ? `${type};${charset}` : type
}

async function bundleWorkers(folder: string): Promise<void> {
  for (const name of WORKERS) {
    await build({
      configFile: false,
      logLevel: 'error',
      ssr: { noExternal: true, target: 'webworker' },
      build: {
        ssr: join(import.meta.dirname, 'workers', `${name}.ts`),
        outDir: folder,
        emptyOutDir: false,
        target: 'es2023',
        rolldownOptions: { output: { entryFileNames: `${name}.js` } },
      },
    })
  }
}
