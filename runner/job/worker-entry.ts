import { fileURLToPath } from 'node:url'

/**
 * The program that an executor starts for a Job, and that a worker starts
 * for each stage. A path and no import: a process of its own runs it.
 */
export const WORKER_ENTRY = fileURLToPath(new URL('../cli/worker-entry.ts', import.meta.url))

/** What a worker prints when the Job has one, itself or another, so that who started it can stop waiting. */
export const READY = 'ready'
