import process from 'node:process'
import * as z from 'zod'
import { podFiles } from './pod-files.ts'
import { podStages } from './pod-stages.ts'

/** What a container runs. Node as a container's first program ends on SIGTERM only because this says so. */
export async function podMain(stage: string): Promise<void> {
  const stop = new AbortController()
  process.on('SIGTERM', () => stop.abort(new Error('the pod was told to end')))
  process.exitCode = await podStages[stageName.parse(stage)]({ files: podFiles(), signal: stop.signal, now: Date.now })
}

const stageName = z.enum(['checkout', 'agent', 'publish'])
