import process from 'node:process'
import { styleText } from 'node:util'

type Colour = 'cyan' | 'magenta' | 'green' | 'yellow'

/** Returns a function that prints lines with the name as their prefix. */
export function speaker(name: string, colour: Colour): (line: string) => void {
  const prefix = styleText(colour, name.padEnd(6), { stream: process.stdout })
  return line => console.log(`${prefix} ${line}`)
}

export const emphasis = (text: string): string => styleText('bold', text, { stream: process.stdout })
