/** A run of live text that begins at character `offset` of its message. */
export interface TextPiece { offset: number, text: string }

/**
 * The pieces after another arrived. A piece that begins before the end of what is there
 * replaces it from its offset on: a reply that was resumed after a crash may go on differently.
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

/** The stored text and what is known to follow it without a gap; pieces beyond a gap wait for the next checkpoint. */
export function withPieces(stored: string, pieces: readonly TextPiece[]): string {
  return pieces.reduce(
    (text, piece) =>
      piece.offset <= text.length && end(piece) > text.length
        ? text + piece.text.slice(text.length - piece.offset)
        : text,
    stored,
  )
}

function end({ offset, text }: TextPiece): number {
  return offset + text.length
}
