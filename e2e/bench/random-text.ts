import { seededRandom } from '../harness/seeded-random.ts'

/** About as many different words as one person uses over years. */
const VOCABULARY = 20_000
const LETTERS = 'etaoinshrdlcumwfgypbvk'

export interface RandomText {
  /** A word that at least one message in a hundred has. */
  common: () => string
  /** A word that only a few messages have. */
  rare: () => string
  message: () => string
}

/** Text whose words are as unequally frequent as in real language (Zipf), the same for the same seed. */
export function createRandomText(seed: number): RandomText {
  const chance = seededRandom(seed)
  const vocabulary = Array.from({ length: VOCABULARY }, () =>
    Array.from({ length: 3 + Math.floor(chance() * 7) }, () => LETTERS[Math.floor(chance() ** 1.5 * LETTERS.length)]).join(''))
  const word = (from: number, to: number) => vocabulary[Math.floor(from + chance() * (to - from))] ?? ''
  // The inverse of a harmonic sum gives rank r a probability near 1/r.
  const any = () => vocabulary[Math.floor(VOCABULARY ** chance()) - 1] ?? ''
  return {
    common: () => word(0, 50),
    rare: () => word(2_000, VOCABULARY),
    message: () => Array.from({ length: 5 + Math.floor(chance() * 70) }, any).join(' '),
  }
}
