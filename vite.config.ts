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

// Miniflare's explorer gives any caller access to all stored data, and its observability stores the
// Worker's logs.
process.env.X_LOCAL_EXPLORER = 'false'
process.env.X_LOCAL_OBSERVABILITY = 'false'

/** A test's server has its own folder for storage, and its own wrangler.toml beside a `.dev.vars`. */
const {
  MAINLOOP_STATE = fromHere('.mainloop/state'),
  MAINLOOP_WRANGLER_CONFIG = fromHere('wrangler.toml'),
} = process.env

const server = { port: 3000, strictPort: true, host: LOOPBACK, cors: false }

/** One process and port serve the page with hot reload and the Worker with its Durable Object in workerd. */
export default defineConfig({
  root: fromHere('client'),
  publicDir: 'public',
  server: {
    ...server,
    // The rest of the repository is not served: it contains stored data and the workers' checkouts.
    fs: { strict: true, allow: ['client', 'shared', 'node_modules/.vite/deps'].map(fromHere) },
    // The headers of client/public/_headers, except those that break hot reload.
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
    // The inspector of UnoCSS opens a socket to any origin.
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
      // The inspector lets anyone who reaches its port run code in the Worker.
      inspectorPort: false,
    }),
  ],
})

function fromHere(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url))
}
