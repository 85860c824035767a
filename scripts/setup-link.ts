import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import process from 'node:process'
import { parseArgs, parseEnv } from 'node:util'
import { BROWSER_HOST } from '#shared/lib/local-hosts.ts'
import { OWNER, personId } from '../edge/auth/person-id.ts'
import { setupToken } from '../edge/auth/signed-token.ts'
import { DEPLOY_FILE, EDGE_ADDRESS } from './lib/edge-secrets.ts'
import { runScript } from './lib/run-script.ts'
import { UserError } from './lib/user-error.ts'

const LOCAL = { file: '.dev.vars', edge: `http://${BROWSER_HOST}:3000` }

const HELP = `node scripts/setup-link.ts [NAME] [--edge URL]      make person NAME=bob

Prints the link with which the first device of a person is paired: yours without a NAME, another person's with one.
Each person has a mainloop of their own on the same deployment and sees nothing of any other.

The link is made from SETUP_SECRET, which is in the environment, in ${DEPLOY_FILE} (make deploy) or in .dev.vars
(make dev), in this order; so run this where you deploy from, and nowhere else. It is the same each time and works for
as long as the secret does: hand it over in person.

  NAME        up to 32 small letters, digits and hyphens
  --edge URL  where mainloop is; default: where it was deployed to, or ${LOCAL.edge}`

const { values, positionals: [name = OWNER] } = parseArgs({
  options: { edge: { type: 'string' }, help: { type: 'boolean', default: false } },
  allowPositionals: true,
})

await runScript(async () => {
  if (values.help)
    return console.log(HELP)
  const person = personId.safeParse(name)
  if (!person.success)
    throw new UserError(`${JSON.stringify(name)} cannot be a name. ${person.error.issues[0]?.message ?? ''}`)
  const { secret, edge } = await findDeployment()
  const token = person.data === OWNER ? secret : await setupToken(secret, person.data)
  console.error(`The first device of ${person.data === OWNER ? 'the owner' : person.data} opens:`)
  console.log(`${(values.edge ?? edge).replace(/\/+$/, '')}/#setup=${token}`)
})

async function findDeployment(): Promise<{ secret: string, edge: string }> {
  const local: NodeJS.ProcessEnv = { [EDGE_ADDRESS]: LOCAL.edge, ...await variables(LOCAL.file) }
  const places = [process.env, await variables(DEPLOY_FILE), local]
  const place = places.find(({ SETUP_SECRET }) => SETUP_SECRET)
  if (!place?.SETUP_SECRET) {
    throw new UserError('SETUP_SECRET is not on this machine. Run this where mainloop was deployed from '
      + `(${DEPLOY_FILE}) or where \`make dev\` runs, or set SETUP_SECRET.`)
  }
  const edge = values.edge ?? process.env[EDGE_ADDRESS] ?? place[EDGE_ADDRESS]
  if (!edge)
    throw new UserError('Where is mainloop? Say it with --edge https://…')
  return { secret: place.SETUP_SECRET, edge }
}

async function variables(file: string): Promise<Record<string, string | undefined>> {
  return existsSync(file) ? parseEnv(await readFile(file, 'utf8')) : {}
}
