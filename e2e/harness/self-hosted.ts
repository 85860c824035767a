import type { ServedEdge } from './served-edge.ts'
import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { buildApp } from '../../selfhost/build-app.ts'

/** By the folder of the build: all edges of one test process are served from one folder. */
const apps = new Map<string, Promise<string>>()

/** The command of the edge's image, with its folder made of the build. */
export async function selfHostedProgram({ build, port, host, state, vars }: ServedEdge) {
  return {
    file: join(await appOf(build), 'start'),
    args: [],
    env: {
      ...vars,
      MAINLOOP_DATA: state,
      MAINLOOP_LISTEN: `${host === 'localhost' ? 'localhost' : '*'}:${port}`,
    },
  }
}

/** The folder that workerd serves, made once for each build. */
export function appOf(build: string): Promise<string> {
  const made = apps.get(build) ?? makeApp(build)
  apps.set(build, made)
  return made
}

async function makeApp(build: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mainloop-selfhost-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  await buildApp({ from: build, to: folder })
  return folder
}
