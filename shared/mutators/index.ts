import { addNote, addNoteArgs } from './add-note.ts'
import { decideApproval, decideApprovalArgs } from './decide-approval.ts'
import { decideTask, decideTaskArgs } from './decide-task.ts'
import { deleteNote, deleteNoteArgs } from './delete-note.ts'
import { dismissRefusal, dismissRefusalArgs } from './dismiss-refusal.ts'
import { editNote, editNoteArgs } from './edit-note.ts'
import { markSeen, markSeenArgs } from './mark-seen.ts'
import { removeRow, removeRowArgs } from './remove-row.ts'
import { retryTurn, retryTurnArgs } from './retry-turn.ts'
import { sendMessage, sendMessageArgs } from './send-message.ts'
import { stopTurn, stopTurnArgs } from './stop-turn.ts'

/** A device changes rows only through these: it runs `run` at once, and the edge parses `args` and runs it again. */
export const mutators = {
  sendMessage: { args: sendMessageArgs, run: sendMessage },
  stopTurn: { args: stopTurnArgs, run: stopTurn },
  retryTurn: { args: retryTurnArgs, run: retryTurn },
  decideTask: { args: decideTaskArgs, run: decideTask },
  decideApproval: { args: decideApprovalArgs, run: decideApproval },
  markSeen: { args: markSeenArgs, run: markSeen },
  addNote: { args: addNoteArgs, run: addNote },
  editNote: { args: editNoteArgs, run: editNote },
  deleteNote: { args: deleteNoteArgs, run: deleteNote },
  removeRow: { args: removeRowArgs, run: removeRow },
  dismissRefusal: { args: dismissRefusalArgs, run: dismissRefusal },
} as const
export type Mutators = typeof mutators
export type MutatorName = keyof Mutators
