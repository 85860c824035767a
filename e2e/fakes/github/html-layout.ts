import { html } from 'hono/html'

/** A page of the fake. A live page reloads itself every three seconds, because its content may change. */
export function layout(title: string, body: unknown, { live = true }: { live?: boolean } = {}) {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${live ? html`<meta http-equiv="refresh" content="3">` : ''}
<title>${title}</title>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 60rem; margin: 0 auto; padding: 1.5rem }
header { font-size: .875rem; opacity: .7 }
pre { overflow-x: auto; padding: 1rem; border: 1px solid color-mix(in srgb, currentColor 20%, transparent); border-radius: .5rem; font-size: .8125rem }
pre.text { white-space: pre-wrap; font-family: inherit; font-size: 1rem }
button { font: inherit; padding: .5rem 1.25rem; border: 0; border-radius: .5rem; background: #1f883d; color: #fff; cursor: pointer }
button:disabled { opacity: .5; cursor: default }
</style>
</head>
<body>
<header>A fake GitHub, on this machine only</header>
<h1>${title}</h1>
${body}
</body>
</html>`
}
