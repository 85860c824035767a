import { join } from 'node:path'
import { sample } from '../e2e/fakes/sample.ts'
import build from '../e2e/harness/build.ts'
import { DESKTOP, send, visibleText } from '../e2e/harness/device.ts'
import { startSystem } from '../e2e/harness/system.ts'

/** The README shows this file at its own size: one CSS pixel is one pixel of the picture. */
const PICTURE = join(import.meta.dirname, '..', 'docs', 'screenshot.png')

/** Takes the README's picture of the real app, halfway through a task: CI has failed once and a fix begins. */
await build()
const system = await startSystem('screenshot')
try {
  const { page } = await system.device('desktop', { viewport: DESKTOP, colorScheme: 'light' })
  system.runner.start()
  await send(page, sample.message)
  await page.getByRole('button', { name: 'Start task' }).first().click()
  await visibleText(page, /^CI failed/).waitFor()
  await page.screenshot({ path: PICTURE, animations: 'disabled' })
  console.log(`Wrote ${PICTURE}`)
}
finally {
  await system.close()
}
