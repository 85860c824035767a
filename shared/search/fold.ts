/** A word as it is compared: without case and accents, as the index at the edge has it. */
export function fold(word: string): string {
  return word.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()
}
