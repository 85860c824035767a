import { must } from '#shared/lib/must.ts'

/**
 * The folder and the ids of every stored object follow from its class's key, so a key never changes, not even when
 * its class gets another name: with another key every person starts with nothing.
 */
export const UNIQUE_KEYS: Readonly<Record<string, string>> = {
  Mainloop: 'mainloop-Mainloop',
  PairingRegistry: 'mainloop-PairingRegistry',
}

/** The key of a Durable Object class. Throws for a new class, which first gets a key of its own in the table. */
export function uniqueKeyOf(className: string): string {
  return must(UNIQUE_KEYS[className], `the unique key of the class ${className} in selfhost/config/unique-keys.ts`)
}
