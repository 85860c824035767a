/** Crockford's alphabet, without letters that look like digits and without accidental words. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** 40 bits: at the rate of attempts that is allowed, a guesser needs centuries. */
const LENGTH = 8

/** Makes a code for typing, such as `4KX7-09TB`. */
export function newShortCode(): string {
  const letters = [...crypto.getRandomValues(new Uint8Array(LENGTH))]
    .map(byte => ALPHABET[byte % ALPHABET.length])
    .join('')
  return `${letters.slice(0, LENGTH / 2)}-${letters.slice(LENGTH / 2)}`
}

/** Normalises a typed code to the form in which it was shown; null for a text that is no code. */
export function readShortCode(typed: string): string | null {
  const letters = typed.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1')
  const isCode = letters.length === LENGTH && [...letters].every(letter => ALPHABET.includes(letter))
  return isCode ? `${letters.slice(0, LENGTH / 2)}-${letters.slice(LENGTH / 2)}` : null
}
