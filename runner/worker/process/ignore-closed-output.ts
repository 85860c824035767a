import process from 'node:process'

/** Keeps this process alive if its parent dies first: a write to the closed output would end it. */
export function ignoreClosedOutput(onGone: () => void = () => {}): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', () => {
      stream.destroy()
      onGone()
    })
  }
}
