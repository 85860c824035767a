import process from 'node:process'
import { execa } from 'execa'

/** Builds the page and the Worker once for all specs; `make test` has done it already. */
export default async function build(): Promise<void> {
  if (process.env.MAINLOOP_BUILT !== '1')
    // Vitest says `test`, and what is tested is what is shipped.
    await execa('vite', ['build'], { preferLocal: true, env: { NODE_ENV: 'production' } })
}
