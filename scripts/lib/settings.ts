import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, rename, writeFile } from 'node:fs/promises'
import process from 'node:process'
import { parseEnv } from 'node:util'
import * as z from 'zod'

/** Made once by the first start, so that what is paired stays paired. */
const secrets = z.object({
  SETUP_SECRET: z.string().min(1, 'SETUP_SECRET in .dev.vars is empty. Delete the file to have a new one made.').default(newSecret),
  RUNNER_TOKEN: z.string().min(1, 'RUNNER_TOKEN in .dev.vars is empty. Delete the file to have a new one made.').default(newSecret),
})

/** What a person may tell the Worker (edge/env.ts says what each is for); everything else in `.env` is the runner's. */
const WORKER_VARIABLES = ['ANTHROPIC_API_KEY', 'ANTHROPIC_BASE_URL', 'MODEL', 'SUMMARY_MODEL', 'HOSTS', 'PUSH_HOSTS', 'ACCESS_ISSUER', 'ACCESS_AUDIENCE', 'EPOCH'] as const

export type Settings = z.infer<typeof secrets> & { [name in typeof WORKER_VARIABLES[number]]?: string }

/** Bits that cannot be guessed, in a form that can be typed. */
export function newSecret(): string {
  return randomBytes(24).toString('base64url')
}

/**
 * The Worker's settings in local development: its secrets, and what the environment or `.env` says now. At exit they stand in `file`,
 * from where the Worker takes them.
 */
export async function localSettings(file: string, env: Record<string, string | undefined>): Promise<Settings> {
  const kept = secrets.parse(existsSync(file) ? parseEnv(await readFile(file, 'utf8')) : {})
  const said = WORKER_VARIABLES.flatMap(name => env[name] ? [[name, env[name]] as const] : [])
  const settings = { ...kept, ...Object.fromEntries(said) }
  // In one step: half a file would be new secrets, and the end of every pairing.
  await writeFile(`${file}.new`, format(settings), { mode: 0o600 })
  await rename(`${file}.new`, file)
  return settings
}

/** The environment over `.env`, which npm and make do not read by themselves. */
export async function environment(dotEnv: string): Promise<Record<string, string | undefined>> {
  const file = existsSync(dotEnv) ? parseEnv(await readFile(dotEnv, 'utf8')) : {}
  return { ...file, ...process.env }
}

function format(settings: Settings): string {
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${JSON.stringify(value)}`)
  return `# Written by each \`make dev\`: secrets made once, and what .env says. What you want to set belongs into .env.\n${lines.join('\n')}\n`
}
