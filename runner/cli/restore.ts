import { resolve } from 'node:path'
import process from 'node:process'
import { defineCommand } from 'citty'
import { BackupError } from '../backup/backup-error.ts'
import { restoreBackup } from '../backup/restore-backup.ts'
import { newestBackup } from '../backup/take-backup.ts'

export const restoreCommand = defineCommand({
  meta: {
    name: 'restore',
    description: 'Replace the data of a stopped self-hosted edge with a backup; exits 1 when nothing was restored',
  },
  args: {
    data: { type: 'string', default: '/data', description: 'The edge\'s volume' },
    from: { type: 'string', description: 'The folder of one backup' },
    newest: { type: 'string', description: 'Or the folder of all backups, of which the newest is taken' },
  },
  async run({ args }) {
    try {
      const from = args.newest === undefined ? args.from : await newestBackup(resolve(args.newest))
      if (from === undefined)
        throw new BackupError('Say which backup: --from FOLDER, or --newest FOLDER_OF_BACKUPS.')
      const data = resolve(args.data)
      const { epoch, at, before } = await restoreBackup({ from: resolve(from), data, now: new Date() })
      console.log(`The data of ${at} is back, with epoch ${epoch}: every device starts from it. Start the edge.`)
      if (before !== null)
        console.log(`The data that it replaced is in ${before}. Delete it when nothing is missing.`)
    }
    catch (error) {
      if (!(error instanceof BackupError))
        throw error
      console.error(error.message)
      process.exitCode = 1
    }
  },
})
