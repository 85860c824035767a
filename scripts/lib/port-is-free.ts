import { createServer } from 'node:net'

/** Whether a server could listen on this port of the loopback interface. */
export async function portIsFree(port: number): Promise<boolean> {
  return await new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => error.code === 'EADDRINUSE' ? resolve(false) : reject(error))
    server.listen({ port, host: 'localhost' }, () => server.close(() => resolve(true)))
  })
}
