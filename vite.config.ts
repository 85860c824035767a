import { fileURLToPath } from 'node:url'
import { cloudflare } from '@cloudflare/vite-plugin'
import vue from '@vitejs/plugin-vue'
import unocss from 'unocss/vite'
import { defineConfig } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'

/** One process and one port: the page with hot reload and the Worker with its Durable Object in workerd. */
export default defineConfig({
  root: fromHere('client'),
  publicDir: 'public',
  server: { port: 3000, strictPort: true, host: 'localhost' },
  preview: { port: 3000, strictPort: true, host: 'localhost' },
  build: { outDir: '../dist', emptyOutDir: true, target: 'es2023' },
  plugins: [
    vue(),
    unocss({ configFile: fromHere('uno.config.ts') }),
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
      configPath: fromHere('wrangler.toml'),
      persistState: { path: process.env.MAINLOOP_STATE ?? fromHere('.mainloop/state') },
    }),
  ],
})

function fromHere(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url))
}
