import type { OnePasswordItem } from './lib/one-password-item.ts'
import process from 'node:process'
import { CLAUDE_TOKEN, claudeToken } from './lib/claude-token.ts'
import { newItem, onePasswordItem, onePasswordList, withField } from './lib/one-password-item.ts'
import { runScript } from './lib/run-script.ts'
import { runTool } from './lib/run-tool.ts'
import { environment } from './lib/settings.ts'
import { UserError } from './lib/user-error.ts'

/** The names in k8s/overlays/1password/secrets.yaml. */
const vault = process.env.OP_VAULT || 'mainloop'
const title = process.env.OP_ITEM || 'runner'

await runScript(async () => {
  const { [CLAUDE_TOKEN]: value } = await environment('.env')
  if (!value)
    throw new UserError('There is no Claude token yet: `make setup-claude-creds` gets one.')
  const token = claudeToken(value)
  const list = await op(['item', 'list', '--vault', vault, '--format', 'json'])
  const exists = onePasswordList.parse(JSON.parse(list || '[]')).some(item => item.title === title)
  const item = exists ? await readItem() : newItem(title)
  const args = exists ? ['item', 'edit', title, '--vault', vault] : ['item', 'create', '--vault', vault, '-']
  // The token goes through standard input, because other programs of this machine can see arguments.
  await op(args, JSON.stringify(withField(item, CLAUDE_TOKEN, token)))
  console.log(`The token is in the item "${title}" of the vault "${vault}" in 1Password. `
    + 'Its operator brings it to the cluster and starts the runner again.')
})

async function readItem(): Promise<OnePasswordItem> {
  return onePasswordItem.parse(JSON.parse(await op(['item', 'get', title, '--vault', vault, '--format', 'json'])))
}

function op(args: readonly string[], input?: string): Promise<string> {
  const install = 'See https://developer.1password.com/docs/cli/get-started; then `op signin`.'
  return runTool(install, 'op', args, input === undefined ? {} : { input })
}
