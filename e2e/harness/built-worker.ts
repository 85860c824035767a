import { glob, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { readBuiltApp } from '../../selfhost/config/built-app.ts'

/** Makes Miniflare's configuration of the Worker and the page in the folder `build`. `vars` take precedence over the build's own variables. */
export async function builtWorker(build: string, vars: Record<string, string>) {
  const folder = resolve(build, 'mainloop')
  const {
    name,
    main,
    assets,
    durable_objects: { bindings: objects },
    ...config
  } = await readBuiltApp(folder)
  return {
    name,
    compatibilityDate: config.compatibility_date,
    compatibilityFlags: config.compatibility_flags,
    manifest: { mainModule: main, modules: await modules(folder) },
    exports: keyed(objects, object => [object.class_name, { type: 'durable-object', storage: 'sqlite' }]),
    assets: {
      directory: resolve(folder, assets.directory),
      hasUserWorker: true,
      notFoundHandling: assets.not_found_handling,
      runWorkerFirst: assets.run_worker_first,
    },
    env: {
      [assets.binding]: { type: 'assets' as const },
      ...keyed(objects, object => [object.name, { type: 'durable-object', worker: name, exportName: object.class_name }]),
      ...keyed(config.r2_buckets, bucket => [bucket.binding, { type: 'r2', name: bucket.bucket_name }]),
      ...keyed(config.ratelimits, limit => [limit.name, { type: 'rate-limit', namespace: limit.namespace_id, simple: limit.simple }]),
      ...keyed(Object.entries({ ...config.vars, ...vars }), ([name, value]) => [name, { type: 'text', value }]),
    },
  }
}

async function modules(folder: string) {
  const paths = await Array.fromAsync(glob('**/*.js', { cwd: folder }))
  const contents = await Promise.all(paths.map(path => readFile(join(folder, path), 'utf8')))
  return keyed(paths, (path, index) => [path, { type: 'esm', contents: contents[index] ?? '' }])
}

function keyed<Item, const Value>(items: readonly Item[], entry: (item: Item, index: number) => readonly [string, Value]): Record<string, Value> {
  return Object.fromEntries(items.map(entry))
}
