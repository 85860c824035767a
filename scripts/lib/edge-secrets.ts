import { newSecret } from './settings.ts'
import { UserError } from './user-error.ts'

/**
 * On the deployer's machine only, and not committed: what the
 * deployed edge is given. `.dev.vars` is the same for `make dev`.
 */
export const DEPLOY_FILE = '.env.deploy'

/** In that file, but not for the edge: where it is. */
export const EDGE_ADDRESS = 'MAINLOOP_EDGE'

/**
 * Everything that is ever signed hangs on it, and whoever has one signature can try others without asking. Characters.
 */
const MIN_SECRET_LENGTH = 16

export interface SecretsPlan {
  /** What the edge is given with this deployment; what it has besides stays. */
  upload: Record<string, string>
  /** Of these, what was made just now and must be kept. */
  made: Record<string, string>
  /** What is not configured, and how to configure it. */
  notes: string[]
}

/**
 * What a deployment has to bring. `there`: the names of what the edge has already, whose values nobody can read back.
 */
export function planSecrets({
  file,
  env,
  there,
}: {
  file: Readonly<Record<string, string>>
  env: Readonly<Record<string, string | undefined>>
  there: readonly string[]
}): SecretsPlan {
  // An empty variable is how a file says "not set".
  const given = Object.fromEntries(
    Object.entries(file).filter(([name, value]) => name !== EDGE_ADDRESS && value !== ''),
  )
  const made = Object.fromEntries(
    ['SETUP_SECRET', 'RUNNER_TOKEN']
      .filter(name => !given[name] && !there.includes(name))
      .map(name => [name, newSecret()]),
  )
  const key = given.ANTHROPIC_API_KEY || env.ANTHROPIC_API_KEY
  const upload: Record<string, string> = { ...given, ...made, ...(key && { ANTHROPIC_API_KEY: key }) }
  const weak = ['SETUP_SECRET', 'RUNNER_TOKEN'].find(
    name => upload[name] !== undefined && upload[name].length < MIN_SECRET_LENGTH,
  )
  if (weak) {
    throw new UserError(
      `${weak} in ${DEPLOY_FILE} has fewer than ${MIN_SECRET_LENGTH} characters. Take the line out to have one made.`,
    )
  }
  return {
    upload,
    made,
    notes: [
      ...(key || there.includes('ANTHROPIC_API_KEY')
        ? []
        : [
            `No ANTHROPIC_API_KEY: the demo model answers in the conversation. Put it into ${DEPLOY_FILE} and deploy again, or run: npx wrangler secret put ANTHROPIC_API_KEY`,
          ]),
      ...(there.includes('SETUP_SECRET') && !given.SETUP_SECRET
        ? [
            `The edge keeps the SETUP_SECRET it has; this machine does not know it. To print setup links here, put it into ${DEPLOY_FILE}.`,
          ]
        : []),
    ],
  }
}
