import type { MessageFile } from '#shared/model/attachment.ts'

const STATES = { coming: ' It has not arrived yet.', here: '', refused: ' It could not be taken.' } as const

/** A line that stands for a file in the message's text. */
export function renderFile({ file, state }: MessageFile): string {
  const what
    = file.kind === 'image'
      ? `a picture of ${file.width} × ${file.height}`
      : `a text file of ${file.size.toLocaleString('en')} bytes`
  return `[Attached: ${file.name}, ${what}.${STATES[state]}]`
}

/** A line before a message that names the files which the request does not include. */
export function renderUnseenFiles(files: readonly MessageFile[]): string {
  return files.length > 0 ? `[Not shown here any more: ${files.map(({ file }) => file.name).join(', ')}.]\n` : ''
}
