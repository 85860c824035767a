import { resolve } from 'node:path'
import process from 'node:process'
import { defineCommand } from 'citty'
import { BackupError } from '../backup/backup-error.ts'
import { newestBackupTime, takeBackup } from '../backup/take-backup.ts'
import { untilDue } from '../backup/until-due.ts'
import { messageOf } from '../lib/message-of.ts'
import { sleep } from '../lib/sleep.ts'

const HOUR_MS = 3_600_000

export const backupCommand = defineCommand({
  meta: {
    name: 'backup',
    description: 'Take a backup of a self-hosted edge, which may be running; exits 1 when there is none',
  },
  args: {
    data: { type: 'string', default: '/data', description: 'The edge\'s volume' },
    to: { type: 'string', required: true, description: 'The folder for backups, on another disk' },
    keep: { type: 'string', default: '7', description: 'Backups to keep' },
    every: { type: 'string', description: 'Take one every so many hours until stopped' },
  },
  async run({ args }) {
    const keep = wholeNumber('keep', args.keep, 1000)
    const hours = args.every === undefined ? null : wholeNumber('every', args.every, 8760)
    if (keep === null || (args.every !== undefined && hours === null))
      return
    const stop = new AbortController()
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort())
    const [data, to] = [resolve(args.data), resolve(args.to)]
    const warn = (sentence: string) => console.error(sentence)
    const take = async () => {
      console.log(`The backup is in ${await takeBackup({ data, to, keep, now: new Date(), warn })}.`)
    }
    if (hours === null)
      return await take().catch(complain)
    let tried: Date | null = null
    while (!stop.signal.aborted) {
      const now = new Date()
      const waitMs = untilDue({ newest: await newestBackupTime(to), tried, everyMs: hours * HOUR_MS, now })
      // A timer cannot wait for longer than 24 days, and does not notice that the machine slept.
      if (waitMs > 0) {
        await sleep(Math.min(waitMs, HOUR_MS), stop.signal)
        continue
      }
      tried = now
      await take().catch((error: unknown) => console.error(messageOf(error)))
    }
  },
})

function wholeNumber(name: string, text: string, most: number): number | null {
  if (/^\d{1,4}$/.test(text) && Number(text) >= 1 && Number(text) <= most)
    return Number(text)
  console.error(`--${name} is ${JSON.stringify(text)}. Expected: a whole number from 1 to ${most}.`)
  process.exitCode = 1
  return null
}

function complain(error: unknown): void {
  if (!(error instanceof BackupError))
    throw error
  console.error(error.message)
  process.exitCode = 1
}
