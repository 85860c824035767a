import { existsSync } from 'node:fs'
import { chmod, readFile, writeFile } from 'node:fs/promises'
import process from 'node:process'
import { createInterface } from 'node:readline/promises'
import { execa } from 'execa'
import { CLAUDE_TOKEN, claudeToken } from './lib/claude-token.ts'
import { withVariable } from './lib/env-file.ts'
import { runScript } from './lib/run-script.ts'
import { UserError } from './lib/user-error.ts'

const FILE = '.env'

await runScript(async () => {
  const token = claudeToken(process.env[CLAUDE_TOKEN] || await askForToken())
  const before = existsSync(FILE) ? await readFile(FILE, 'utf8') : ''
  await writeFile(FILE, withVariable(before, CLAUDE_TOKEN, token), { mode: 0o600 })
  // writeFile sets the mode only of a new file.
  await chmod(FILE, 0o600)
  console.log(`The token is in ${FILE}. \`make dev\` uses it for workers; `
    + '`make setup-claude-creds-k8s` puts it into 1Password for the cluster.')
})

async function askForToken(): Promise<string> {
  if (!process.stdin.isTTY) {
    throw new UserError('This asks in a terminal. '
      + `Without one, set ${CLAUDE_TOKEN} to what \`claude setup-token\` printed elsewhere.`)
  }
  console.log('Claude Code opens a browser, where you sign in with your subscription. Then it prints a token.\n')
  await execa('claude', ['setup-token'], { preferLocal: true, stdio: 'inherit' })
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  try {
    return await terminal.question('\nPaste the token here: ')
  }
  finally {
    terminal.close()
  }
}
