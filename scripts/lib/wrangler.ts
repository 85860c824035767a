import { readFile } from 'node:fs/promises'
import * as z from 'zod'
import { runTool } from './run-tool.ts'
import { TOOL_ENVIRONMENT } from './tool-environment.ts'
import { UserError } from './user-error.ts'

/** What the build made: the Worker, its assets and its bindings. */
export const BUILT = 'dist/mainloop/wrangler.json'

/** Says what to do when it cannot be done. */
export function wrangler(...args: string[]): Promise<string> {
  return runTool('`make setup` installs it with the other packages.', 'wrangler', args, { env: TOOL_ENVIRONMENT })
}

const identity = z.object({ email: z.string().optional(), accounts: z.array(z.object({ name: z.string(), id: z.string() })).default([]) })

/** Whose account it is deployed to, in words. */
export async function mustBeSignedIn(env: Readonly<Record<string, string | undefined>>): Promise<string> {
  const said = await orNull(wrangler('whoami', '--json'))
  if (said === null)
    throw new UserError('Nobody is signed in to Cloudflare. Run `npx wrangler login`; where there is no browser, set CLOUDFLARE_API_TOKEN (template "Edit Cloudflare Workers").')
  const { email = 'an API token', accounts } = identity.parse(JSON.parse(said))
  if (accounts.length > 1 && !env.CLOUDFLARE_ACCOUNT_ID)
    throw new UserError(['There are several accounts. Set CLOUDFLARE_ACCOUNT_ID to the one that is meant:', ...accounts.map(({ name, id }) => `${id}  ${name}`)].join('\n'))
  return `${email}${accounts.length === 1 ? ` (${accounts.map(({ name }) => name).join()})` : ''}`
}

const names = z.array(z.object({ name: z.string() }))

/** The names of the secrets that the edge has; none before it was deployed for the first time. */
export async function secretNames(): Promise<string[]> {
  try {
    return names.parse(JSON.parse(await wrangler('secret', 'list'))).map(({ name }) => name)
  }
  catch (error) {
    if (error instanceof UserError && /does not exist|\b10007\b/.test(error.message))
      return []
    throw error
  }
}

const bindings = z.object({ r2_buckets: z.array(z.object({ binding: z.string(), bucket_name: z.string() })).default([]) })

/** Cloudflare makes what belongs to the Worker by itself, but not what its files are stored in. */
export async function mustHaveBuckets(): Promise<void> {
  const { r2_buckets: buckets } = bindings.parse(JSON.parse(await readFile(BUILT, 'utf8')))
  for (const { binding, bucket_name: name } of buckets) {
    if (await orNull(wrangler('r2', 'bucket', 'info', name)) === null)
      throw new UserError(`The R2 bucket ${name} (for ${binding}) is not there. Make it once: npx wrangler r2 bucket create ${name}`)
  }
}

function orNull(said: Promise<string>): Promise<string | null> {
  return said.catch((error: unknown) => {
    if (error instanceof UserError && !error.message.startsWith('This needs'))
      return null
    throw error
  })
}
