import { DurableObject } from 'cloudflare:workers'

export { default } from '../main.ts'
export * from '../main.ts'

/** An object that does nothing, so that a test has its storage to itself. */
export class Blank extends DurableObject {}
