/** A run of live text that begins at character `offset` of its message. */
export interface TextPiece { offset: number, text: string }

/**
 * Adds a piece. One that begins before the end of the last replaces the text from
 * its offset on: a reply that was resumed after a crash may go on differently.
 */
export function withPiece(pieces: readonly TextPiece[], piece: TextPiece): TextPiece[] {
  const kept = pieces.flatMap(({ offset, text }) => {
    const before = text.slice(0, Math.max(0, piece.offset - offset))
    return before === '' ? [] : [{ offset, text: before }]
  })
  const last = kept.at(-1)
  return last && end(last) === piece.offset
    ? [...kept.slice(0, -1), { offset: last.offset, text: last.text + piece.text }]
    : [...kept, piece]
}

/** Appends the pieces that follow the stored text without a gap; others wait for the next checkpoint. */
export function withPieces(stored: string, pieces: readonly TextPiece[]): string {
  let text = stored
  for (const piece of pieces) {
    if (piece.offset <= text.length && end(piece) > text.length)
      text += piece.text.slice(text.length - piece.offset)
  }
  return text
}

function end({ offset, text }: TextPiece): number {
  return offset + text.length
}
