/** So many different words, as in the language of one person over years. */
const VOCABULARY = 20_000
const LETTERS = 'etaoinshrdlcumwfgypbvk'

export interface RandomText {
  /** In a hundredth of all messages or more. */
  common: () => string
  /** In a few of them. */
  rare: () => string
  message: () => string
}

/** RandomText that are used as unequally as real ones (Zipf), the same for the same seed. */
export function createRandomText(seed: number): RandomText {
  const chance = mulberry(seed)
  const vocabulary = Array.from({ length: VOCABULARY }, () =>
    Array.from({ length: 3 + Math.floor(chance() * 7) }, () => LETTERS[Math.floor(chance() ** 1.5 * LETTERS.length)]).join(''))
  const word = (from: number, to: number) => vocabulary[Math.floor(from + chance() * (to - from))] ?? ''
  // The inverse of a harmonic sum: rank r with a chance near 1/r.
  const used = () => vocabulary[Math.floor(VOCABULARY ** chance()) - 1] ?? ''
  return {
    common: () => word(0, 50),
    rare: () => word(2_000, VOCABULARY),
    message: () => Array.from({ length: 5 + Math.floor(chance() * 70) }, used).join(' '),
  }
}

/** A small generator with a seed. @see https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
function mulberry(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6D2B79F5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
