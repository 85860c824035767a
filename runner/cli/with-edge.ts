import type { EdgeApi } from '../edge-api/edge-api.ts'
import process from 'node:process'
import { ConfigError } from '../config/config.ts'
import { readConfig } from '../config/read-config.ts'
import { createEdgeApi, EdgeRefusal } from '../edge-api/edge-api.ts'

/** Runs a command against the edge as this runner. Prints errors that a person can mend without a stack trace. */
export async function withEdge(run: (api: EdgeApi, edge: string) => Promise<void>): Promise<void> {
  try {
    const { edge, runnerToken } = readConfig(process.env, process.stdout.isTTY)
    await run(createEdgeApi({ edge, token: runnerToken, ask: fetch }), edge)
  }
  catch (error) {
    if (!(error instanceof ConfigError || error instanceof EdgeRefusal))
      throw error
    console.error(error.message)
    process.exitCode = 1
  }
}
