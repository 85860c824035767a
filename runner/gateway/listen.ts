import type { Server } from 'node:http'
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isErrno } from '../lib/is-errno.ts'

/** The default address reaches only workers on this machine. */
const LOCAL_HOST = '127.0.0.1'

/** Workers outlive the runner and know one address, so the port is kept in a file beside their folders. */
const PORT_FILE = '.gateway-port'

/** Starts listening and returns the port: the configured one, else the last runner's, else a free one. */
export async function listen(
  server: Server,
  configured: { host: string, port: number } | null,
  workDir: string,
): Promise<number> {
  if (configured)
    return listenOn(server, configured.host, configured.port)
  const file = join(workDir, PORT_FILE)
  const port = await listenOn(server, LOCAL_HOST, await lastPort(file)).catch((error: unknown) => {
    if (isErrno(error, 'EADDRINUSE', 'EACCES'))
      return listenOn(server, LOCAL_HOST, 0)
    throw error
  })
  await mkdir(workDir, { recursive: true })
  await writeFile(file, String(port))
  return port
}

async function listenOn(server: Server, host: string, port: number): Promise<number> {
  server.listen(port, host)
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string')
    throw new Error(`the gateway listens on ${address}, which is no port`)
  return address.port
}

/** Returns 0, which stands for any free port, when there is no last one. */
async function lastPort(file: string): Promise<number> {
  try {
    const port = Number(await readFile(file, 'utf8'))
    return Number.isInteger(port) && port > 0 && port < 65_536 ? port : 0
  }
  catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR'))
      return 0
    throw error
  }
}
