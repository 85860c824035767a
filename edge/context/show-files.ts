import type { Attachment, AttachmentId } from '#shared/model/attachment.ts'
import type { Files } from '../attachments/files.ts'
import type { ModelMessage, PersonBlock } from '../model/model.ts'
import type { ContextMessage, FileBlock } from './context-message.ts'
import { unreachable } from '#shared/lib/unreachable.ts'
import { logFailure } from '../http/log-failure.ts'
import { cutText } from '../text/cut-text.ts'
import { FILE_OVERHEAD } from './file-tokens.ts'

/** The bytes of a file; null when it is gone or cannot be read. */
export type ReadFile = (id: AttachmentId) => Promise<Uint8Array | null>

/**
 * Reads each file once. Nothing goes stale, because a file is named by its hash. A failed read is
 * not repeated, because all requests of a turn must begin with the same content.
 */
export function createFileReader(read: Files['read']): ReadFile {
  const files = new Map<AttachmentId, Promise<Uint8Array | null>>()
  return (id) => {
    const file = files.get(id) ?? readOrNull(id, read)
    files.set(id, file)
    return file
  }
}

/** Replaces each file by its bytes. A missing file becomes a note; a turn never fails because of it. */
export function showFiles(messages: readonly ContextMessage[], read: ReadFile): Promise<ModelMessage[]> {
  return Promise.all(messages.map(async (message) => {
    if (message.role === 'assistant')
      return message
    const blocks = message.content.map(block => block.kind === 'file' ? readBlock(block, read) : block)
    return { role: message.role, content: await Promise.all(blocks) }
  }))
}

async function readBlock({ file, tokens }: FileBlock, read: ReadFile): Promise<PersonBlock> {
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
    case 'text': {
      const text = new TextDecoder().decode(bytes)
      return { kind: 'document', name: file.name, text: cutText(text, tokens - FILE_OVERHEAD) }
    }
    default:
      return unreachable(file)
  }
}
