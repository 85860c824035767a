import { readdir, readFile, readlink } from 'node:fs/promises'

/** In /proc/net/tcp. */
const LISTENING = '0A'

/** Every TCP port that some process of this group listens on, as Linux tells it. */
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

/** The name of the program, in parentheses, may contain spaces. */
async function groupOf(pid: string): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(ifGone(''))
  return Number(stat.slice(stat.lastIndexOf(')') + 1).trim().split(' ')[2])
}

async function socketsOf(pid: string): Promise<string[]> {
  const descriptors = await readdir(`/proc/${pid}/fd`).catch(ifGone<string[]>([]))
  const links = await Promise.all(descriptors.map(name => readlink(`/proc/${pid}/fd/${name}`).catch(ifGone(''))))
  return links.flatMap(link => /^socket:\[(\d+)\]$/.exec(link)?.slice(1) ?? [])
}

/** A process may end while it is looked at, and a machine may be without IPv6. */
function ifGone<T>(instead: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT' || error.code === 'ESRCH')
      return instead
    throw error
  }
}
