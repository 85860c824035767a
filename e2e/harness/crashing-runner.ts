import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import process from 'node:process'
import { must } from '#shared/lib/must.ts'
import { serve } from '../../runner/cli/serve.ts'
import { readConfig } from '../../runner/config/read-config.ts'

/**
 * Runs the runner and kills it with SIGKILL at the first time of each step. The file has the steps that have killed it, so that each
 * restart gets at least one step further.
 */
const file = must(process.env.CRASHES_FILE, 'CRASHES_FILE: the file of the steps that have killed the runner')
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
