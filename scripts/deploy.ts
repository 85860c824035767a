import { existsSync } from 'node:fs'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { parseArgs, parseEnv } from 'node:util'
import { DEPLOY_FILE, EDGE_ADDRESS, planSecrets } from './lib/edge-secrets.ts'
import { withVariable } from './lib/env-file.ts'
import { runScript } from './lib/run-script.ts'
import { runTool } from './lib/run-tool.ts'
import { environment } from './lib/settings.ts'
import { UserError } from './lib/user-error.ts'
import { BUILT, mustBeSignedIn, mustHaveBuckets, secretNames, wrangler } from './lib/wrangler.ts'

const { values } = parseArgs({
  options: { 'dry-run': { type: 'boolean', default: false }, 'frontend': { type: 'boolean', default: false } },
})

await runScript(() => values['dry-run'] ? dryRun() : values.frontend ? deployFrontend() : deploy())

async function dryRun(): Promise<void> {
  await build()
  console.log(await wrangler('deploy', '--dry-run', `--config=${BUILT}`))
  console.log('Nothing was uploaded. Without --dry-run the login, the secrets and the buckets are looked at first.')
}

/** Deploys the page with its Worker, because Cloudflare takes both together: neither meets another version. */
async function deployFrontend(): Promise<void> {
  console.log(`Deploying as ${await mustBeSignedIn(process.env)}.`)
  if (!(await secretNames()).includes('SETUP_SECRET'))
    throw new UserError('There is no mainloop in this account yet. Run `make deploy` first: it also makes the secrets.')
  await build()
  await mustHaveBuckets()
  await upload([])
}

async function deploy(): Promise<void> {
  console.log(`Deploying as ${await mustBeSignedIn(process.env)}.`)
  const stored = Object.entries(parseEnv(await readDeployFile()))
  const file = Object.fromEntries(stored.map(([name, value]) => [name, value ?? '']))
  const plan = planSecrets({ file, env: await environment('.env'), deployed: await secretNames() })
  const { upload: secrets, created, notes } = plan
  await build()
  await mustHaveBuckets()
  // Stored before the upload, because nobody can read a secret back from the edge.
  await keep(created)
  const edge = await withSecretsFile(secrets, path => upload([`--secrets-file=${path}`])) ?? file[EDGE_ADDRESS]
  if (edge && edge !== file[EDGE_ADDRESS])
    await keep({ [EDGE_ADDRESS]: edge })

  console.log()
  for (const note of notes)
    console.log(note)
  if (edge && !edge.endsWith('.workers.dev'))
    console.log(`${new URL(edge).hostname} must stand in HOSTS in ${DEPLOY_FILE}, or the edge refuses that name.`)
  if (secrets.SETUP_SECRET)
    console.log(firstDevice(edge, secrets.SETUP_SECRET))
  if (secrets.RUNNER_TOKEN)
    console.log(`The runner takes ${EDGE_ADDRESS} and RUNNER_TOKEN from ${DEPLOY_FILE}; \`make deploy-loop\` is next.`)
}

/** The link contains the secret, so it is printed to a terminal only: other output may be a log that others read. */
function firstDevice(edge: string | undefined, secret: string): string {
  return process.stdout.isTTY && edge
    ? `The first device opens ${edge}/#setup=${secret}\nShow that link to nobody else. \`make person\` prints it again.`
    : 'The first device opens the link that `make person` prints. Show it to nobody else.'
}

async function build(): Promise<void> {
  if (process.env.MAINLOOP_BUILT === '1')
    return
  console.log('Building the page and the Worker …')
  await runTool('`make setup` installs it with the other packages.', 'vite', ['build'])
}

/** Returns the edge's address on workers.dev; null with a domain of its own. */
async function upload(args: string[]): Promise<string | null> {
  console.log('Uploading …')
  // --keep-vars keeps the variables that were set in the dashboard.
  const output = await wrangler('deploy', `--config=${BUILT}`, '--keep-vars', ...args)
  const [edge = null] = /https:\/\/[\w.-]+\.workers\.dev/.exec(output) ?? []
  console.log(edge ? `mainloop is at ${edge}` : output)
  return edge
}

/**
 * Writes the secrets to a file that only the owner can read, for the time of the upload. Wrangler uploads them with
 * the code, so that no version runs without them.
 */
async function withSecretsFile<T>(secrets: Record<string, string>, use: (path: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'mainloop-deploy-'))
  try {
    const path = join(folder, 'secrets.json')
    await writeFile(path, JSON.stringify(secrets), { mode: 0o600 })
    return await use(path)
  }
  finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function readDeployFile(): Promise<string> {
  return existsSync(DEPLOY_FILE) ? readFile(DEPLOY_FILE, 'utf8') : ''
}

async function keep(values: Record<string, string>): Promise<void> {
  const names = Object.keys(values)
  if (names.length === 0)
    return
  const before = await readDeployFile()
  const text = Object.entries(values).reduce((text, [name, value]) => withVariable(text, name, value), before)
  await writeFile(DEPLOY_FILE, text, { mode: 0o600 })
  // writeFile sets the mode only of a new file.
  await chmod(DEPLOY_FILE, 0o600)
  console.log(`${names.join(' and ')} ${names.length > 1 ? 'are' : 'is'} kept in ${DEPLOY_FILE}. `
    + 'It is not committed; a copy belongs in a password manager.')
}
