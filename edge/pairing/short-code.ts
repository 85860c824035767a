/** Crockford's: no letter that looks like a digit, no accidental words. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** 40 bits; with the attempts that are allowed a guesser needs centuries. */
const LENGTH = 8

/** For typing: `4KX7-09TB`. */
export function newShortCode(): string {
  const letters = [...crypto.getRandomValues(new Uint8Array(LENGTH))]
    .map(byte => ALPHABET[byte % ALPHABET.length])
    .join('')
  return `${letters.slice(0, LENGTH / 2)}-${letters.slice(LENGTH / 2)}`
}

/** The code as it was given out, however it was typed; null for a text that is none. */
export function readShortCode(typed: string): string | null {
  const letters = typed.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1')
  const isCode = letters.length === LENGTH && [...letters].every(letter => ALPHABET.includes(letter))
  return isCode ? `${letters.slice(0, LENGTH / 2)}-${letters.slice(LENGTH / 2)}` : null
}
