import process from 'node:process'

/** Who started this process may die first; a warning that nobody can read must then not end it. */
export function ignoreClosedOutput(onGone: () => void = () => {}): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', () => {
      stream.destroy()
      onGone()
    })
  }
}
