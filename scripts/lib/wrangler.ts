import { readFile } from 'node:fs/promises'
import * as z from 'zod'
import { runTool } from './run-tool.ts'
import { TOOL_ENVIRONMENT } from './tool-environment.ts'
import { UserError } from './user-error.ts'

/** The build's description of the Worker, its assets and its bindings. */
export const BUILT = 'dist/mainloop/wrangler.json'

/** Runs wrangler and returns its output. Throws a `UserError` when it fails. */
export function wrangler(...args: string[]): Promise<string> {
  return runTool('`make setup` installs it with the other packages.', 'wrangler', args, { env: TOOL_ENVIRONMENT })
}

const identity = z.object({
  email: z.string().optional(),
  accounts: z.array(z.object({ name: z.string(), id: z.string() })).default([]),
})

/** Describes the account to which wrangler deploys. Throws a `UserError` when it is unknown or ambiguous. */
export async function mustBeSignedIn(env: Readonly<Record<string, string | undefined>>): Promise<string> {
  const output = await orNull(wrangler('whoami', '--json'))
  if (output === null)
    throw new UserError(NOT_SIGNED_IN)
  const { email = 'an API token', accounts } = identity.parse(JSON.parse(output))
  if (accounts.length > 1 && !env.CLOUDFLARE_ACCOUNT_ID) {
    const list = accounts.map(({ name, id }) => `${id}  ${name}`).join('\n')
    throw new UserError(`There are several accounts. Set CLOUDFLARE_ACCOUNT_ID to the one that is meant:\n${list}`)
  }
  return `${email}${accounts.length === 1 ? ` (${accounts.map(({ name }) => name).join()})` : ''}`
}

const NOT_SIGNED_IN = 'Nobody is signed in to Cloudflare. Run `npx wrangler login`; where there is no browser, '
  + 'set CLOUDFLARE_API_TOKEN (template "Edit Cloudflare Workers").'

const names = z.array(z.object({ name: z.string() }))

/** Returns the names of the edge's secrets; none before the first deployment. */
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

const bindings = z.object({
  r2_buckets: z.array(z.object({ binding: z.string(), bucket_name: z.string() })).default([]),
})

/** Throws a `UserError` when an R2 bucket is missing: a deployment creates everything else, but no buckets. */
export async function mustHaveBuckets(): Promise<void> {
  const { r2_buckets: buckets } = bindings.parse(JSON.parse(await readFile(BUILT, 'utf8')))
  for (const { binding, bucket_name: name } of buckets) {
    if (await orNull(wrangler('r2', 'bucket', 'info', name)) === null) {
      throw new UserError(`The R2 bucket ${name} (for ${binding}) is not there. `
        + `Make it once: npx wrangler r2 bucket create ${name}`)
    }
  }
}

/** Resolves with null when wrangler failed; rejects when it is not installed. */
function orNull(output: Promise<string>): Promise<string | null> {
  return output.catch((error: unknown) => {
    if (error instanceof UserError && !error.message.startsWith('This needs'))
      return null
    throw error
  })
}
