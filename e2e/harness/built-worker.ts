import { glob, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import * as z from 'zod'

/**
 * The fields that we use of the configuration which the build makes from wrangler.toml. A new kind of binding must be added here too
 * (https://developers.cloudflare.com/workers/wrangler/configuration).
 */
const builtConfig = z.object({
  name: z.string(),
  main: z.string(),
  compatibility_date: z.string(),
  compatibility_flags: z.array(z.string()),
  vars: z.record(z.string(), z.string()),
  assets: z.object({
    binding: z.string(),
    directory: z.string(),
    not_found_handling: z.literal('single-page-application'),
    run_worker_first: z.array(z.string()),
  }),
  durable_objects: z.object({ bindings: z.array(z.object({ name: z.string(), class_name: z.string() })) }),
  r2_buckets: z.array(z.object({ binding: z.string(), bucket_name: z.string() })),
  ratelimits: z.array(z.object({ name: z.string(), namespace_id: z.string(), simple: z.object({ limit: z.number(), period: z.literal([10, 60]) }) })),
})

/** Makes Miniflare's configuration of the Worker and the page in the folder `build`. `vars` take precedence over the build's own variables. */
export async function builtWorker(build: string, vars: Record<string, string>) {
  const folder = resolve(build, 'mainloop')
  const {
    name,
    main,
    assets,
    durable_objects: { bindings: objects },
    ...config
  } = builtConfig.parse(JSON.parse(await readFile(join(folder, 'wrangler.json'), 'utf8')))
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
