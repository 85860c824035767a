import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'

/**
 * The part of the built wrangler.json that serving it needs. Another kind of binding is
 * added here first (https://developers.cloudflare.com/workers/wrangler/configuration).
 */
const builtApp = z.object({
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
  ratelimits: z.array(z.object({
    name: z.string(),
    namespace_id: z.string(),
    simple: z.object({ limit: z.number(), period: z.literal([10, 60]) }),
  })),
})

export type BuiltApp = z.infer<typeof builtApp>

/** Reads what the build wrote from wrangler.toml into the folder of the Worker. */
export async function readBuiltApp(folder: string): Promise<BuiltApp> {
  return builtApp.parse(JSON.parse(await readFile(join(folder, 'wrangler.json'), 'utf8')))
}
