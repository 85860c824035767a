import type { AddressInfo, Socket } from 'node:net'
import { once } from 'node:events'
import { createServer } from 'node:net'
import process from 'node:process'
import { expect, test } from 'vitest'
import { startProcess } from './start-process.ts'

test('stopping a process stops its children', async () => {
  // The grandchild holds a connection, which closes when it ends.
  const server = createServer().listen(0, '127.0.0.1')
  const connected = once(server, 'connection')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const grandchild = `require('node:net').connect(${port}, '127.0.0.1')`
  const parent = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(grandchild)}]); setInterval(() => {}, 1e6)`
  const running = startProcess({ file: process.execPath, args: ['-e', parent], env: {}, onLine: () => {} })

  const [socket] = await connected as [Socket]
  const gone = once(socket.resume(), 'close')
  socket.on('error', () => {})
  await running.stop()
  await gone
  expect(await running.exited).toBe('was ended by SIGTERM')
  server.close()
})

test('a process gets only the variables of its spec', async () => {
  process.env.SECRET_OF_OURS = 'x'
  const lines: string[] = []
  const running = startProcess({
    file: process.execPath,
    args: ['-e', 'console.log(process.env.SECRET_OF_OURS, process.env.GIVEN)'],
    env: { GIVEN: 'yes' },
    onLine: line => lines.push(line),
  })
  delete process.env.SECRET_OF_OURS
  expect(await running.exited).toBe('ended with code 0')
  await expect.poll(() => lines).toEqual(['undefined yes'])
})
