import process from 'node:process'
import { execa } from 'execa'

/** Builds the page and the Worker once for all specs, unless `make test` has built them already. */
export default async function build(): Promise<void> {
  if (process.env.MAINLOOP_BUILT !== '1')
    // Vitest sets NODE_ENV to `test`, but the specs must test the production build.
    await execa('vite', ['build'], { preferLocal: true, env: { NODE_ENV: 'production' } })
}
