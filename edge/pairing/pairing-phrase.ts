import { wordlist } from '@scure/bip39/wordlists/english.js'

/** 33 bits: nobody finds a second pairing that shows the same words. */
const WORDS = 3

/** Easy to compare on two screens and to say aloud. */
export function newPhrase(): string {
  return [...crypto.getRandomValues(new Uint16Array(WORDS))].map(number => wordlist[number % wordlist.length]).join(' ')
}
