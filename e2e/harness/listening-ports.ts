import { readdir, readFile, readlink } from 'node:fs/promises'

/** The state of a listening socket in /proc/net/tcp. */
const LISTENING = '0A'

/** Returns the TCP ports that processes of this group listen on, from Linux's /proc. */
export async function listeningPorts(group: number): Promise<number[]> {
  const sockets = new Set((await Promise.all((await processesOf(group)).map(socketsOf))).flat())
  const tables = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map(file => readFile(file, 'utf8').catch(ifGone(''))))
  const ports = tables.flatMap(table => table.split('\n')).flatMap((line) => {
    const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/)
    return state === LISTENING && sockets.has(inode) ? [Number.parseInt(local.slice(local.lastIndexOf(':') + 1), 16)] : []
  })
  return [...new Set(ports)]
}

async function processesOf(group: number): Promise<string[]> {
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name))
  const groups = await Promise.all(pids.map(groupOf))
  return pids.filter((_, index) => groups[index] === group)
}

/** Reads after the last parenthesis, because the name of the program before it may contain spaces. */
async function groupOf(pid: string): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(ifGone(''))
  return Number(stat.slice(stat.lastIndexOf(')') + 1).trim().split(' ')[2])
}

async function socketsOf(pid: string): Promise<string[]> {
  const descriptors = await readdir(`/proc/${pid}/fd`).catch(ifGone<string[]>([]))
  const links = await Promise.all(descriptors.map(name => readlink(`/proc/${pid}/fd/${name}`).catch(ifGone(''))))
  return links.flatMap(link => /^socket:\[(\d+)\]$/.exec(link)?.slice(1) ?? [])
}

/** A process may end while its files are read, and a machine may have no IPv6. */
function ifGone<T>(instead: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT' || error.code === 'ESRCH')
      return instead
    throw error
  }
}
