import process from 'node:process'
import { cloudflareTest } from '@cloudflare/vitest-plugin'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'
import { awaitPoints } from './scripts/lib/await-points.ts'

/** The convergence test's number of runs, and the seed and path of a failure to replay. */
const { MAINLOOP_RUNS: RUNS = '', MAINLOOP_SEED: SEED = '', MAINLOOP_PATH: SEED_PATH = '' } = process.env
const bindings = {
  SETUP_SECRET: 'setup-secret-for-tests',
  RUNNER_TOKEN: 'runner-token-for-tests',
  HOSTS: 'mainloop.example',
  PUSH_HOSTS: 'push.example',
  RUNS,
  SEED,
  SEED_PATH,
}

const AWAIT_POINT_FOLDERS
  = ['attachments', 'context', 'conversation', 'memory', 'model', 'store', 'thread', 'tools']

/** Far more than a slow machine needs: the limits end a test that hangs, and never judge a machine's speed. */
const timeouts = { testTimeout: 600_000, hookTimeout: 600_000, expect: { poll: { timeout: 300_000 } } }
/** Files share a process or runtime, because a start costs more than most tests. Each leaves shared state as found. */
const unit = { ...timeouts, isolate: false }
const large = { ...unit, testTimeout: 1_800_000, hookTimeout: 1_800_000, fileParallelism: false }

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...unit,
          name: 'node',
          environment: 'node',
          include: ['{shared,runner,scripts,selfhost}/**/*.test.ts', 'edge/**/*.node.test.ts'],
        },
      },
      {
        // The real Durable Object on real SQLite, inside workerd.
        plugins: [
          awaitPoints(AWAIT_POINT_FOLDERS.map(folder => `edge/${folder}`)),
          cloudflareTest({
            main: './edge/testing/worker.ts',
            wrangler: { configPath: './wrangler.toml' },
            miniflare: { durableObjects: { BLANK: { className: 'Blank', useSQLite: true } }, bindings },
          }),
        ],
        test: {
          ...unit,
          name: 'edge',
          setupFiles: ['edge/testing/fresh-storage.ts'],
          include: ['edge/**/*.test.ts', 'e2e/convergence/*.test.ts'],
          exclude: ['edge/**/*.node.test.ts'],
        },
      },
      {
        plugins: [vue()],
        test: {
          ...unit,
          name: 'client',
          environment: 'happy-dom',
          setupFiles: ['client/testing/await-dynamic-imports.ts'],
          include: ['client/**/*.test.ts'],
        },
      },
      {
        test: {
          ...large,
          name: 'e2e',
          environment: 'node',
          include: ['e2e/**/*.test.ts'],
          exclude: ['**/node_modules/**', 'e2e/kubernetes/**', 'e2e/convergence/**'],
        },
      },
      {
        // These run on a real Kubernetes.
        test: {
          ...large,
          name: 'cluster',
          environment: 'node',
          include: ['e2e/kubernetes/**/*.test.ts'],
          globalSetup: ['e2e/harness/build.ts', 'e2e/kubernetes/global-setup.ts'],
        },
      },
      {
        // These run the whole system, which is built once for all of them.
        test: {
          ...large,
          name: 'system',
          environment: 'node',
          include: ['e2e/*.spec.ts'],
          globalSetup: ['e2e/harness/build.ts'],
        },
      },
      {
        // These run the same specs on the self-hosted edge.
        test: {
          ...large,
          name: 'system-workerd',
          environment: 'node',
          include: ['e2e/*.spec.ts'],
          globalSetup: ['e2e/harness/build.ts'],
          env: { MAINLOOP_TEST_HOME: 'workerd' },
        },
      },
    ],
  },
})
