import type { Session } from './lib/run-session.ts'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { sample } from '../e2e/fakes/sample.ts'
import { startFakes } from '../e2e/fakes/start-fakes.ts'
import build from '../e2e/harness/build.ts'
import { startEdge } from '../e2e/harness/edge.ts'
import { aborted } from './lib/aborted.ts'
import { portIsFree } from './lib/port-is-free.ts'
import { runSession } from './lib/run-session.ts'
import { newSecret } from './lib/settings.ts'
import { startRunner } from './lib/start-runner.ts'
import { stopWorkers } from './lib/stop-workers.ts'
import { supervise } from './lib/supervise.ts'
import { emphasis, speaker } from './lib/terminal.ts'
import { UserError } from './lib/user-error.ts'

const PORT = 3000

/** A comfortable reading speed. */
const CHARACTERS_PER_SECOND = 240

const root = join(import.meta.dirname, '..')
const say = speaker('demo', 'green')

/** Runs the whole loop without an account: the real edge, page, runner and Claude Code on a fake model and GitHub. */
async function demo({ signal, stack }: Session): Promise<void> {
  if (!await portIsFree(PORT))
    throw new UserError(`Port ${PORT} is taken. Stop what listens there (\`make dev\`?) and try again.`)
  // Real and demo data must not mix, and each demo has a new folder, because the fakes store nothing.
  const folder = join(root, '.mainloop', 'demo', new Date().toISOString().replaceAll(':', '-'))
  await mkdir(folder, { recursive: true })
  const [SETUP_SECRET, RUNNER_TOKEN] = [newSecret(), newSecret()]

  say('Building the page and the Worker …')
  await build()
  if (signal.aborted)
    return

  say('Starting the fake GitHub and model …')
  const fakes = await startFakes({ charactersPerSecond: CHARACTERS_PER_SECOND, smallTalk: true })
  stack.defer(fakes.close)
  const edge = await startEdge({
    port: PORT,
    state: join(folder, 'state'),
    vars: { SETUP_SECRET, RUNNER_TOKEN, ANTHROPIC_API_KEY: 'fake-key', ANTHROPIC_BASE_URL: fakes.model.url },
    log: () => {},
  })
  stack.defer(edge.stop)
  const work = join(folder, 'work')
  stack.defer(() => stopWorkers(work))
  const env = {
    ...fakes.runnerEnvironment,
    RUNNER_TOKEN,
    MAINLOOP_EDGE: edge.url,
    MAINLOOP_WORK_DIR: work,
    MAINLOOP_POLL_SECONDS: '1',
    MAINLOOP_LOG: 'pretty',
  }
  stack.defer(supervise(() => startRunner(env, speaker('runner', 'magenta')), say))

  console.log()
  say(`Open ${emphasis(`${edge.url}/#setup=${SETUP_SECRET}`)}`)
  say(`Ask: ${emphasis(sample.message)}`)
  say('Then start the task that is proposed, and watch it: CI fails first, and a fix makes it green.')
  say('When it waits for you, open its pull request from the inbox and merge it there.')
  say('Ctrl-C stops everything.')
  console.log()
  await aborted(signal)
}

await runSession(demo, say)
