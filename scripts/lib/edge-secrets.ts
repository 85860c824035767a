import { newSecret } from './settings.ts'
import { UserError } from './user-error.ts'

/** The secrets of the deployed edge, on the deployer's machine only and not committed; `make dev` has `.dev.vars`. */
export const DEPLOY_FILE = '.env.deploy'

/** The variable with the edge's address in that file; the edge itself does not get it. */
export const EDGE_ADDRESS = 'MAINLOOP_EDGE'

/** Characters: anybody with one signature can guess the secret behind it offline. */
const MIN_SECRET_LENGTH = 16

const SECRETS = ['SETUP_SECRET', 'RUNNER_TOKEN']

export interface SecretsPlan {
  /** The secrets to upload with this deployment; the edge keeps its others. */
  upload: Record<string, string>
  /** The secrets of `upload` that are new and must be stored. */
  created: Record<string, string>
  /** Hints about missing settings. */
  notes: string[]
}

interface Sources {
  file: Readonly<Record<string, string>>
  env: Readonly<Record<string, string | undefined>>
  /** The names of the edge's secrets; nobody can read their values back. */
  deployed: readonly string[]
}

/** Plans the secrets of a deployment. Throws a `UserError` about a secret that is too short. */
export function planSecrets({ file, env, deployed }: Sources): SecretsPlan {
  // Files write an unset variable as an empty one.
  const entries = Object.entries(file).filter(([name, value]) => name !== EDGE_ADDRESS && value !== '')
  const set = Object.fromEntries(entries)
  const missing = SECRETS.filter(name => !set[name] && !deployed.includes(name))
  const created = Object.fromEntries(missing.map(name => [name, newSecret()]))
  const key = set.ANTHROPIC_API_KEY || env.ANTHROPIC_API_KEY
  const upload: Record<string, string> = { ...set, ...created, ...(key && { ANTHROPIC_API_KEY: key }) }
  const weak = SECRETS.find(name => upload[name] !== undefined && upload[name].length < MIN_SECRET_LENGTH)
  if (weak) {
    throw new UserError(`${weak} in ${DEPLOY_FILE} has fewer than ${MIN_SECRET_LENGTH} characters. `
      + 'Take the line out to have one made.')
  }
  const hasKey = key || deployed.includes('ANTHROPIC_API_KEY')
  const isSecretUnknown = deployed.includes('SETUP_SECRET') && !set.SETUP_SECRET
  return { upload, created, notes: [...hasKey ? [] : [NO_KEY], ...isSecretUnknown ? [UNKNOWN_SECRET] : []] }
}

const NO_KEY = 'No ANTHROPIC_API_KEY: the demo model answers in the conversation. '
  + `Put it into ${DEPLOY_FILE} and deploy again, or run: npx wrangler secret put ANTHROPIC_API_KEY`

const UNKNOWN_SECRET = 'The edge keeps the SETUP_SECRET it has; this machine does not know it. '
  + `To print setup links here, put it into ${DEPLOY_FILE}.`
