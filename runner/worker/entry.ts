import { runMain } from 'citty'
import { workerCommand } from '../commands/worker.ts'

await runMain(workerCommand)
