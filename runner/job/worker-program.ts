import { fileURLToPath } from 'node:url'

/** An executor starts this program for a Job, and a worker for each stage. It is a path: another process runs it. */
export const WORKER_PROGRAM = fileURLToPath(new URL('../cli/worker-entry.ts', import.meta.url))

/** A worker prints this once the Job has a worker, itself or another one; the executor waits for the line. */
export const READY = 'ready'
