import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import process from 'node:process'
import { must } from '#shared/lib/must.ts'
import { serve } from '../../runner/cli/serve.ts'
import { readConfig } from '../../runner/config/read-config.ts'

/**
 * The runner, except that it is killed with SIGKILL the first time it comes to each of its steps. The file remembers the steps it
 * has died at, so that one started again gets one step further at least.
 */
const file = must(process.env.CRASHES_FILE, 'CRASHES_FILE: the file of the steps the runner has died at')
const crashes = new Set(existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [])

await serve(readConfig(process.env, false), {
  signal: new AbortController().signal,
  onStep(step) {
    if (crashes.has(step))
      return
    appendFileSync(file, `${step}\n`)
    process.kill(process.pid, 'SIGKILL')
  },
})
