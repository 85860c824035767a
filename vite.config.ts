import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { cloudflare } from '@cloudflare/vite-plugin'
import vue from '@vitejs/plugin-vue'
import unocss from 'unocss/vite'
import { defineConfig } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'
import { LOOPBACK } from '#shared/lib/local-hosts.ts'
import { localAddresses } from './scripts/lib/local-addresses.ts'
import { ownPageOnly } from './scripts/lib/own-page-only.ts'

// Miniflare's explorer reads and writes all that is stored, for whoever asks, and its observability stores what the Worker logs.
process.env.X_LOCAL_EXPLORER = 'false'
process.env.X_LOCAL_OBSERVABILITY = 'false'

/** A test's server stores in a folder of its own, and has a wrangler.toml beside a `.dev.vars` of its own. */
const { MAINLOOP_STATE = fromHere('.mainloop/state'), MAINLOOP_WRANGLER_CONFIG = fromHere('wrangler.toml') } = process.env

const server = { port: 3000, strictPort: true, host: LOOPBACK, cors: false }

/** One process and one port: the page with hot reload and the Worker with its Durable Object in workerd. */
export default defineConfig({
  root: fromHere('client'),
  publicDir: 'public',
  server: {
    ...server,
    // Nothing else of the repository: neither what is stored nor the workers' checkouts.
    fs: { strict: true, allow: ['client', 'shared', 'node_modules/.vite/deps'].map(fromHere) },
    // Those of client/public/_headers that hot reload can live with.
    headers: {
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
    },
  },
  preview: server,
  build: { outDir: '../dist', emptyOutDir: true, target: 'es2023' },
  plugins: [
    ownPageOnly(),
    localAddresses(),
    vue(),
    // Its inspector opens a socket to any origin.
    unocss({ configFile: fromHere('uno.config.ts'), inspector: false }),
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'sw',
      filename: 'service-worker.ts',
      registerType: 'prompt',
      injectRegister: false,
      manifest: false,
      injectManifest: { globPatterns: ['**/*.{js,css,html,svg,webmanifest}'] },
    }),
    cloudflare({
      configPath: MAINLOOP_WRANGLER_CONFIG,
      persistState: { path: MAINLOOP_STATE },
      // It lets whoever reaches its port run code in the Worker.
      inspectorPort: false,
    }),
  ],
})

function fromHere(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url))
}
