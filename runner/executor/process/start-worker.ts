import type { WorkerSecrets } from '../../job/stage-protocol.ts'
import { spawn } from 'node:child_process'
import process from 'node:process'
import { workerEnv } from '../../job/clean-env.ts'
import { READY, WORKER_ENTRY } from '../../job/worker-entry.ts'

/** What a worker that cannot start says. Characters. */
const MAX_STDERR_LENGTH = 2000

/**
 * Starts a worker that outlives this process: in its own session, with its own environment, its secrets
 * over standard input. Resolves when the Job has a worker; rejects with its words when it could not start.
 */
export function startWorker(folder: string, secrets: WorkerSecrets): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [WORKER_ENTRY, 'run', folder], {
      detached: true,
      cwd: folder,
      env: workerEnv(folder),
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    let stderr = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-MAX_STDERR_LENGTH)
    })
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (text.startsWith(READY)) {
        letGo()
        resolve()
      }
    })
    child.on('error', reject)
    child.on('exit', (code, signal) =>
      reject(new Error(`the worker did not start (${signal ?? `exit code ${code}`}): ${stderr.trim()}`)))
    child.stdin.on('error', () => { /* it ended before it read them; its exit says so */ })
    child.stdin.end(`${JSON.stringify(secrets)}\n`)

    function letGo(): void {
      child.stdout.destroy()
      child.stderr.destroy()
      child.unref()
    }
  })
}
