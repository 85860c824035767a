import { DurableObject } from 'cloudflare:workers'

export { default } from '../main.ts'
export * from '../main.ts'

/** Does nothing: a test has its storage to itself. */
export class Blank extends DurableObject {}
