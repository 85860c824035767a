import process from 'node:process'
import { CLAUDE_TOKEN, claudeToken } from './lib/claude-token.ts'
import { newItem, onePasswordItem, onePasswordList, withField } from './lib/one-password-item.ts'
import { runScript } from './lib/run-script.ts'
import { runTool } from './lib/run-tool.ts'
import { environment } from './lib/settings.ts'
import { UserError } from './lib/user-error.ts'

/** As k8s/overlays/1password/secrets.yaml names them. */
const vault = process.env.OP_VAULT || 'mainloop'
const title = process.env.OP_ITEM || 'runner'

await runScript(async () => {
  const { [CLAUDE_TOKEN]: said } = await environment('.env')
  if (!said)
    throw new UserError('There is no Claude token yet: `make setup-claude-creds` gets one.')
  const token = claudeToken(said)
  const items = onePasswordList.parse(JSON.parse(await op(['item', 'list', '--vault', vault, '--format', 'json']) || '[]'))
  const there = items.some(item => item.title === title)
  const item = there ? onePasswordItem.parse(JSON.parse(await op(['item', 'get', title, '--vault', vault, '--format', 'json']))) : newItem(title)
  // By standard input: other programs of this machine see arguments.
  await op(there ? ['item', 'edit', title, '--vault', vault] : ['item', 'create', '--vault', vault, '-'], JSON.stringify(withField(item, CLAUDE_TOKEN, token)))
  console.log(`The token is in the item "${title}" of the vault "${vault}" in 1Password. Its operator brings it to the cluster and starts the runner again.`)
})

function op(args: readonly string[], input?: string): Promise<string> {
  return runTool('See https://developer.1password.com/docs/cli/get-started; then `op signin`.', 'op', args, input === undefined ? {} : { input })
}
