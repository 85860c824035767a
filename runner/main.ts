import { defineCommand, renderUsage, runMain } from 'citty'
import packageJson from '../package.json' with { type: 'json' }
import { VARIABLES } from './config/read-config.ts'

// Each command is loaded when it is called, so that a worker does not wait for the runner's modules.
const mainloop = defineCommand({
  meta: {
    name: 'mainloop',
    version: packageJson.version,
    description: 'The part of mainloop that runs where the work is done: it starts workers and talks to GitHub.',
  },
  subCommands: {
    serve: async () => (await import('./cli/serve.ts')).serveCommand,
    tasks: async () => (await import('./cli/tasks.ts')).tasksCommand,
    logs: async () => (await import('./cli/logs.ts')).logsCommand,
    cancel: async () => (await import('./cli/decide.ts')).cancelCommand,
    retry: async () => (await import('./cli/decide.ts')).retryCommand,
    ready: async () => (await import('./cli/decide.ts')).readyCommand,
    doctor: async () => (await import('./cli/doctor.ts')).doctorCommand,
    pair: async () => (await import('./cli/pair.ts')).pairCommand,
    webhook: async () => (await import('./cli/webhook.ts')).webhookCommand,
    backup: async () => (await import('./cli/backup.ts')).backupCommand,
    restore: async () => (await import('./cli/restore.ts')).restoreCommand,
    token: async () => (await import('./cli/token.ts')).tokenCommand,
    worker: async () => (await import('./cli/worker.ts')).workerCommand,
  },
})

const EXIT_CODES = [
  '  0  done',
  '  1  not done: the edge, the configuration or what was asked for is wrong; the message says what to do. '
  + '"doctor": something is wrong',
  '  2  "cancel", "retry" and "ready": the task cannot do that now; the message says why',
].join('\n')

const variables = Object.entries(VARIABLES).map(([name, text]) => `  ${name.padEnd(26)} ${text}`).join('\n')

await runMain(mainloop, {
  showUsage: async (command, parent) =>
    console.log(`${await renderUsage(command, parent)}\nEXIT CODES\n\n${EXIT_CODES}\n\nENVIRONMENT\n\n${variables}\n`),
})
