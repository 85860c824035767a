import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/** What keeps people from using the page, by axe: each serious or critical violation, with where it is. What still fades in is waited for. */
export async function accessibilityViolations(page: Page): Promise<string[]> {
  await page.evaluate(async () => {
    const fading = () => document.getAnimations().filter(({ playState, effect }) => playState === 'running' && effect?.getComputedTiming().endTime !== Infinity)
    while (fading().length > 0)
      await Promise.allSettled(fading().map(({ finished }) => finished))
  })
  // By the debugger and not as a script of the page, which its Content-Security-Policy would forbid.
  if (!await page.evaluate(() => 'axe' in globalThis))
    await page.evaluate(await readFile(AXE, 'utf8'))
  const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: { run: (options: object) => Promise<AxeResults> } }).axe.run({
    resultTypes: ['violations'],
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'],
  }))
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`))
}
