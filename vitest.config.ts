import process from 'node:process'
import { cloudflareTest } from '@cloudflare/vitest-plugin'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'
import { awaitPoints } from './scripts/lib/await-points.ts'

/** For the convergence test: how often it runs, and what a failure printed, to play it again. */
const { MAINLOOP_RUNS: RUNS = '', MAINLOOP_SEED: SEED = '', MAINLOOP_PATH: SEED_PATH = '' } = process.env
const chance = { RUNS, SEED, SEED_PATH }

/** Far more than a slow machine needs: a time limit finds what hangs, and how fast a machine is decides no test. */
const timeouts = { testTimeout: 600_000, hookTimeout: 600_000, expect: { poll: { timeout: 300_000 } } }
/** One process or runtime for many files: a start costs more than most tests. What they share they leave as they found it. */
const unit = { ...timeouts, isolate: false }
const whole = { ...unit, testTimeout: 1_800_000, hookTimeout: 1_800_000, fileParallelism: false }

export default defineConfig({
  test: {
    projects: [
      { test: { ...unit, name: 'node', environment: 'node', include: ['{shared,runner,scripts}/**/*.test.ts', 'edge/**/*.node.test.ts'] } },
      {
        // The real Durable Object on real SQLite, inside workerd.
        plugins: [awaitPoints(['attachments', 'context', 'conversation', 'memory', 'model', 'store', 'thread', 'tools'].map(folder => `edge/${folder}`)), cloudflareTest({
          main: './edge/testing/worker.ts',
          wrangler: { configPath: './wrangler.toml' },
          miniflare: { durableObjects: { BLANK: { className: 'Blank', useSQLite: true } }, bindings: { SETUP_SECRET: 'setup-secret-for-tests', RUNNER_TOKEN: 'runner-token-for-tests', HOSTS: 'mainloop.example', PUSH_HOSTS: 'push.example', ...chance } },
        })],
        test: { ...unit, name: 'edge', setupFiles: ['edge/testing/fresh-storage.ts'], include: ['edge/**/*.test.ts', 'e2e/convergence/*.test.ts'], exclude: ['edge/**/*.node.test.ts'] },
      },
      { plugins: [vue()], test: { ...unit, name: 'client', environment: 'happy-dom', setupFiles: ['client/testing/await-dynamic-imports.ts'], include: ['client/**/*.test.ts'] } },
      { test: { ...whole, name: 'e2e', environment: 'node', include: ['e2e/**/*.test.ts'], exclude: ['**/node_modules/**', 'e2e/kubernetes/**', 'e2e/convergence/**'] } },
      {
        // On a real Kubernetes.
        test: {
          ...whole,
          name: 'cluster',
          environment: 'node',
          include: ['e2e/kubernetes/**/*.test.ts'],
          globalSetup: ['e2e/harness/build.ts', 'e2e/kubernetes/global-setup.ts'],
        },
      },
      {
        // The whole system, built once for all of them.
        test: {
          ...whole,
          name: 'system',
          environment: 'node',
          include: ['e2e/*.spec.ts'],
          globalSetup: ['e2e/harness/build.ts'],
        },
      },
    ],
  },
})
