import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/** Waits for finite animations, and returns axe's serious and critical violations, one line for each element. */
export async function accessibilityViolations(page: Page): Promise<string[]> {
  await page.evaluate(async () => {
    const ends = ({ effect }: Animation) => effect?.getComputedTiming().endTime !== Infinity
    const running = () => document.getAnimations().filter(animation => animation.playState === 'running' && ends(animation))
    while (running().length > 0)
      await Promise.allSettled(running().map(({ finished }) => finished))
  })
  // The debugger evaluates it, because the page's Content-Security-Policy forbids a script tag.
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
