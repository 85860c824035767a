import type { Attachment, AttachmentId } from '#shared/model/attachment.ts'
import type { Files } from '../attachments/files.ts'
import type { ModelMessage, PersonBlock } from '../model/model.ts'
import type { ContextMessage, FileBlock } from './context-message.ts'
import { unreachable } from '#shared/lib/unreachable.ts'
import { logFailure } from '../http/log-failure.ts'
import { cutText } from '../text/cut-text.ts'
import { FILE_OVERHEAD } from './file-tokens.ts'

/** The bytes of a file; null when it is gone, or cannot be read just now. */
export type ReadFile = (id: AttachmentId) => Promise<Uint8Array | null>

/**
 * Reads each file once. A file is named by its hash, so nothing goes stale; and one
 * that could not be read stays so, because the requests of a turn must begin alike.
 */
export function createFileReader(read: Files['read']): ReadFile {
  const files = new Map<AttachmentId, Promise<Uint8Array | null>>()
  return (id) => {
    const file = files.get(id) ?? readOrNull(id, read)
    files.set(id, file)
    return file
  }
}

/** Puts the bytes in the place of each file. One that is gone is said to be; a turn never fails over it. */
export function showFiles(messages: readonly ContextMessage[], read: ReadFile): Promise<ModelMessage[]> {
  return Promise.all(
    messages.map(async message =>
      message.role === 'assistant'
        ? message
        : {
            role: message.role,
            content: await Promise.all(
              message.content.map(block => (block.kind === 'file' ? show(block, read) : block)),
            ),
          },
    ),
  )
}

async function show({ file, tokens }: FileBlock, read: ReadFile): Promise<PersonBlock> {
  const bytes = await read(file.id)
  return bytes === null ? { kind: 'text', text: `[${file.name} is not here any more.]` } : toBlock(file, bytes, tokens)
}

async function readOrNull(id: AttachmentId, read: Files['read']): Promise<Uint8Array | null> {
  try {
    return await read(id)
  }
  catch (error) {
    logFailure('a file for the model', error)
    return null
  }
}

function toBlock(file: Attachment, bytes: Uint8Array, tokens: number): PersonBlock {
  switch (file.kind) {
    case 'image':
      return { kind: 'image', mime: file.mime, base64: bytes.toBase64() }
    case 'text':
      return {
        kind: 'document',
        name: file.name,
        text: cutText(new TextDecoder().decode(bytes), tokens - FILE_OVERHEAD),
      }
    default:
      return unreachable(file)
  }
}
