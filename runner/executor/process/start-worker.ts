import type { WorkerSecrets } from '../../job/stage-protocol.ts'
import { spawn } from 'node:child_process'
import process from 'node:process'
import { workerEnv } from '../../job/clean-env.ts'
import { READY, WORKER_PROGRAM } from '../../job/worker-program.ts'

/** Characters of the output of a worker that cannot start. */
const MAX_STDERR_LENGTH = 2000

/**
 * Starts a worker that outlives this process, in its own session and with its own environment. It reads its
 * secrets from standard input. Resolves when the worker has claimed the Job; rejects with its output otherwise.
 */
export function startWorker(folder: string, secrets: WorkerSecrets): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [WORKER_PROGRAM, 'run', folder], {
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
        detach()
        resolve()
      }
    })
    child.on('error', reject)
    child.on('exit', (code, signal) =>
      reject(new Error(`the worker did not start (${signal ?? `exit code ${code}`}): ${stderr.trim()}`)))
    child.stdin.on('error', () => { /* The worker ended before it read them, and `exit` reports that. */ })
    child.stdin.end(`${JSON.stringify(secrets)}\n`)

    function detach(): void {
      child.stdout.destroy()
      child.stderr.destroy()
      child.unref()
    }
  })
}
