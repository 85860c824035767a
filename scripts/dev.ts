import type { Session } from './lib/run-session.ts'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { BROWSER_HOST, LOOPBACK } from '#shared/lib/local-hosts.ts'
import { sleep } from '../runner/lib/sleep.ts'
import { aborted } from './lib/aborted.ts'
import { startDevServer } from './lib/dev-server.ts'
import { isUp } from './lib/is-up.ts'
import { missingSettings } from './lib/missing-settings.ts'
import { portIsFree } from './lib/port-is-free.ts'
import { runSession } from './lib/run-session.ts'
import { environment, localSettings } from './lib/settings.ts'
import { rejectOnExit } from './lib/start-process.ts'
import { startRunner } from './lib/start-runner.ts'
import { stopWorkers } from './lib/stop-workers.ts'
import { supervise } from './lib/supervise.ts'
import { emphasis, speaker } from './lib/terminal.ts'
import { UserError } from './lib/user-error.ts'
import { waitUntil } from './lib/wait-until.ts'

const PORT = 3000
/** The runner dials an address, because Node does not resolve the host name that browsers use. */
const EDGE = `http://${LOOPBACK}:${PORT}`
const PAGE = `http://${BROWSER_HOST}:${PORT}`

/** The runner connects within a second or logs why not. The conversation works without it, so a failure is no end. */
const RUNNER_TIMEOUT_MS = 15_000

const root = join(import.meta.dirname, '..')
const work = join(root, '.mainloop', 'work')
const say = speaker('dev', 'green')

async function dev({ signal, stack }: Session): Promise<void> {
  if (!await portIsFree(PORT))
    throw new UserError(`Port ${PORT} is taken. Stop what listens there (another \`make dev\`?) and try again.`)
  await mkdir(work, { recursive: true })
  const configured = await environment(join(root, '.env'))
  const settings = await localSettings(join(root, '.dev.vars'), configured)
  const env = { ...configured, ...settings, MAINLOOP_EDGE: EDGE, MAINLOOP_WORK_DIR: work, MAINLOOP_LOG: 'pretty' }

  say('Starting the edge and the page …')
  const edge = startDevServer({ port: PORT, onLine: speaker('edge', 'cyan') })
  stack.defer(edge.stop)
  const edgeExited = rejectOnExit('The edge', edge)
  await Promise.race([waitUntil('the edge to answer', () => isUp(`${EDGE}/api/health`), { signal }), edgeExited])

  say('Starting the runner …')
  // Workers outlive their runner, so that it can be restarted. The end of this session stops them, and the next
  // runner starts their attempts again.
  stack.defer(() => stopWorkers(work))
  const online = Promise.withResolvers<void>()
  const onLine = watchConnection(speaker('runner', 'magenta'), online.resolve)
  stack.defer(supervise(() => startRunner(env, onLine), say))
  await Promise.race([online.promise, sleep(RUNNER_TIMEOUT_MS, signal), edgeExited])
  if (signal.aborted)
    return

  greet(settings.SETUP_SECRET, missingSettings(env))
  await Promise.race([aborted(signal), edgeExited])
}

/** Forwards the runner's lines, and calls `connected` when one of them reports the connection. */
function watchConnection(say: (line: string) => void, connected: () => void): (line: string) => void {
  return (line) => {
    say(line)
    if (line.includes(`Connected to ${EDGE}`))
      connected()
  }
}

function greet(setupSecret: string, problems: readonly string[]): void {
  console.log()
  say(`Open ${emphasis(PAGE)}`)
  say(`A device that is new here opens ${PAGE}/#setup=${setupSecret}`)
  say(`If a browser does not find that name, open http://localhost:${PORT} in it. `
    + 'Servers on other ports of localhost can then read its cookie.')
  say(`Programs on this machine, such as MCP clients, connect to ${EDGE}.`)
  for (const problem of problems)
    say(problem)
  say('Ctrl-C stops everything.')
  console.log()
}

await runSession(dev, say)
