import type { TaskId } from '#shared/model/task.ts'
import { customAlphabet } from 'nanoid'

/** What `taskId` allows: 10 characters, 52 bits of chance. */
export const newTaskId: () => TaskId = customAlphabet('0123456789abcdefghijklmnopqrstuvwxyz', 10)
