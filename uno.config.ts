import { defineConfig, presetIcons, presetWind3 } from 'unocss'

const QUICK_PROPERTIES = ['background-color', 'color', 'border-color', 'opacity']

/** Utilities are named by role. Their values are in client/styles/tokens.css, so that a theme is one file. */
export default defineConfig({
  presets: [
    presetWind3({ preflight: 'on-demand' }),
    presetIcons({ extraProperties: { 'display': 'inline-block', 'flex-shrink': '0', 'vertical-align': '-0.125em' } }),
  ],
  theme: {
    colors: {
      'surface': {
        DEFAULT: 'var(--surface)',
        raised: 'var(--surface-raised)',
        sunken: 'var(--surface-sunken)',
        person: 'var(--surface-person)',
        hover: 'var(--surface-hover)',
      },
      'line': { DEFAULT: 'var(--line)', strong: 'var(--line-strong)' },
      'ink': { DEFAULT: 'var(--ink)', soft: 'var(--ink-soft)', faint: 'var(--ink-faint)' },
      'accent': { DEFAULT: 'var(--accent)', strong: 'var(--accent-strong)', soft: 'var(--accent-soft)' },
      'on-accent': 'var(--on-accent)',
      'danger': { DEFAULT: 'var(--danger)', soft: 'var(--danger-soft)' },
      'verified': { DEFAULT: 'var(--verified)', soft: 'var(--verified-soft)' },
    },
    fontFamily: { sans: 'var(--font-sans)', mono: 'var(--font-mono)' },
  },
  shortcuts: {
    'card': 'bg-surface-raised b-hairline rounded-card shadow-card',
    'target': 'min-h-target min-w-target',
    'button': [
      'target inline-flex items-center justify-center gap-2 rounded-lg px-4 py-2',
      'text-compact leading-snug font-medium select-none transition-quick',
    ],
    'button-primary': [
      'button bg-accent text-on-accent hover:bg-accent-strong',
      'disabled:bg-surface-person disabled:text-ink-faint',
    ],
    'button-plain': 'button b-hairline bg-surface-raised text-ink hover:bg-surface-hover disabled:text-ink-faint',
    'button-quiet': 'button text-ink-soft enabled:hover:bg-surface-hover enabled:hover:text-ink',
    'button-danger': 'button text-danger enabled:hover:bg-danger-soft',
    'button-icon': [
      'target inline-flex items-center justify-center rounded-lg text-ink-soft transition-quick',
      'enabled:hover:bg-surface-hover enabled:hover:text-ink disabled:opacity-50',
    ],
    'field': 'w-full target rounded-lg b-hairline-strong bg-surface px-3 py-2.5 text-base',
    'eyebrow': 'text-xs font-semibold text-ink-faint tracking-wide',
    'chip': 'inline-flex items-center gap-1.5 rounded-full px-2.5 py-0.5 text-xs font-medium',
    'link': 'text-accent underline underline-offset-3 hover:text-accent-strong',
    'on-measure': 'w-full max-w-measure mx-auto px-4 md:px-6',
  },
  rules: [
    ['b-hairline', { border: 'var(--hairline) solid var(--line)' }],
    ['b-hairline-strong', { border: 'var(--hairline) solid var(--line-strong)' }],
    ['b-hairline-t', { 'border-top': 'var(--hairline) solid var(--line)' }],
    ['b-hairline-b', { 'border-bottom': 'var(--hairline) solid var(--line)' }],
    ['b-hairline-s', { 'border-inline-start': 'var(--hairline) solid var(--line)' }],
    ['rounded-card', { 'border-radius': 'var(--radius-card)' }],
    ['shadow-card', { 'box-shadow': 'var(--shadow-card)' }],
    ['shadow-over', { 'box-shadow': 'var(--shadow-over)' }],
    ['min-h-target', { 'min-height': 'var(--target)' }],
    ['min-w-target', { 'min-width': 'var(--target)' }],
    ['max-w-measure', { 'max-width': 'var(--measure)' }],
    ['h-header', { height: 'var(--header)' }],
    ['transition-quick', { transition: QUICK_PROPERTIES.map(property => `${property} var(--quick)`).join(', ') }],
    ['safe-top', { 'padding-top': 'var(--safe-top)' }],
    ['safe-bottom', { 'padding-bottom': 'var(--safe-bottom)' }],
    ['safe-sides', { 'padding-left': 'var(--safe-start)', 'padding-right': 'var(--safe-end)' }],
    ['text-compact', { 'font-size': 'var(--text-compact)' }],
    ['text-caption', { 'font-size': 'var(--text-caption)' }],
    ['numbers', { 'font-variant-numeric': 'tabular-nums' }],
  ],
})
