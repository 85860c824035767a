import { spawn } from 'node:child_process'
import { once } from 'node:events'
import process from 'node:process'

/** Also ends by itself when the process that started it is gone, however that one ended. */
const LOOP = `const parent = ${process.pid}; while (process.ppid === parent);`

/** Takes the processors from everything that runs beside it, until it is disposed of. */
export function startBusyLoops(count: number): AsyncDisposable {
  const children = Array.from({ length: count }, () => spawn(process.execPath, ['-e', LOOP], { stdio: 'ignore' }))
  return {
    async [Symbol.asyncDispose]() {
      await Promise.all(children.map(async (child) => {
        const exited = once(child, 'exit')
        if (child.kill('SIGKILL'))
          await exited
      }))
    },
  }
}
