import { app } from './app.ts'

export { Mainloop } from './mainloop.ts'
export { PairingRegistry } from './pairing/pairing-registry.ts'
export default app
