import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, rename, writeFile } from 'node:fs/promises'
import process from 'node:process'
import { parseEnv } from 'node:util'
import * as z from 'zod'

/** The first start creates both, and later ones keep them, so that paired devices stay paired. */
const secrets = z.object({ SETUP_SECRET: secret('SETUP_SECRET'), RUNNER_TOKEN: secret('RUNNER_TOKEN') })

function secret(name: string) {
  const message = `${name} in .dev.vars is empty. Delete the file to have a new one made.`
  return z.string().min(1, message).default(newSecret)
}

/** The Worker's variables, which edge/env.ts describes; all others in `.env` are the runner's. */
const WORKER_VARIABLES = [
  'ANTHROPIC_API_KEY',
  'ANTHROPIC_BASE_URL',
  'MODEL',
  'SUMMARY_MODEL',
  'HOSTS',
  'PUSH_HOSTS',
  'ACCESS_ISSUER',
  'ACCESS_AUDIENCE',
  'EPOCH',
] as const

export type Settings = z.infer<typeof secrets> & { [name in typeof WORKER_VARIABLES[number]]?: string }

/** Returns 192 random bits in characters that can be typed. */
export function newSecret(): string {
  return randomBytes(24).toString('base64url')
}

/** Returns the Worker's settings for local development, and writes them to `file`, from which the Worker reads them. */
export async function localSettings(file: string, env: Record<string, string | undefined>): Promise<Settings> {
  const kept = secrets.parse(existsSync(file) ? parseEnv(await readFile(file, 'utf8')) : {})
  const configured = WORKER_VARIABLES.flatMap(name => env[name] ? [[name, env[name]] as const] : [])
  const settings = { ...kept, ...Object.fromEntries(configured) }
  // Renamed, so that a crash leaves no partial file: missing secrets would be replaced and end every pairing.
  await writeFile(`${file}.new`, format(settings), { mode: 0o600 })
  await rename(`${file}.new`, file)
  return settings
}

/** Returns the variables of `.env`, which npm and make do not read, and of the environment, which takes precedence. */
export async function environment(dotEnv: string): Promise<Record<string, string | undefined>> {
  const file = existsSync(dotEnv) ? parseEnv(await readFile(dotEnv, 'utf8')) : {}
  return { ...file, ...process.env }
}

function format(settings: Settings): string {
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${JSON.stringify(value)}`)
  return `${HEADER}\n${lines.join('\n')}\n`
}

const HEADER = '# Each `make dev` writes this file: secrets that the first one created, and settings from .env. '
  + 'Change settings in .env.'
