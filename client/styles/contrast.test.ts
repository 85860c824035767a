/// <reference types="node" />
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

/** The surfaces on which each ink is used. */
const ON: Record<string, readonly string[]> = {
  'ink': ['surface', 'surface-raised', 'surface-sunken', 'surface-person', 'surface-hover', 'accent-soft', 'danger-soft'],
  'ink-soft': ['surface', 'surface-raised', 'surface-sunken', 'surface-person', 'surface-hover', 'danger-soft'],
  'ink-faint': ['surface', 'surface-raised', 'surface-sunken', 'surface-person'],
  'accent': ['surface', 'surface-raised', 'accent-soft'],
  'accent-strong': ['surface', 'surface-raised'],
  'danger': ['surface', 'surface-raised', 'surface-sunken', 'danger-soft'],
  'verified': ['surface', 'surface-raised', 'verified-soft'],
  'on-accent': ['accent', 'accent-strong'],
}
const THEMES = ['light', 'dark'] as const
const tokens = readFileSync('client/styles/tokens.css', 'utf8')

const PAIRS = Object.entries(ON).flatMap(([ink, surfaces]) => surfaces.map(surface => [ink, surface] as const))

test.each(THEMES.flatMap(theme => PAIRS.map(([ink, surface]) => [ink, surface, theme] as const)))(
  '%s on %s is readable in the %s theme',
  (ink, surface, theme) => {
    const page = colour('surface', theme, [0, 0, 0])
    const under = colour(surface, theme, page)
    expect(contrast(colour(ink, theme, under), under)).toBeGreaterThanOrEqual(4.5)
  },
)

type Rgb = readonly [red: number, green: number, blue: number]

/** A token's colour in a theme; a translucent one is mixed with `under`. */
function colour(name: string, theme: typeof THEMES[number], under: Rgb): Rgb {
  const pair = new RegExp(`--${name}: light-dark\\((#\\w+), (#\\w+)\\)`).exec(tokens)
  const hex = pair?.[theme === 'light' ? 1 : 2]
  if (hex === undefined)
    throw new Error(`There is no colour ${name}.`)
  const part = (n: number) => Number.parseInt(hex.slice(1 + 2 * n, 3 + 2 * n), 16)
  const opacity = hex.length > 7 ? part(3) / 255 : 1
  const mixed = (n: 0 | 1 | 2) => part(n) * opacity + under[n] * (1 - opacity)
  return [mixed(0), mixed(1), mixed(2)]
}

/** The contrast ratio of WCAG 2. */
function contrast(a: Rgb, b: Rgb): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05)
}

function luminance(colour: Rgb): number {
  const [red, green, blue] = colour
    .map(value => value / 255)
    .map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0)
}
