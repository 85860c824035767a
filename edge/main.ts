import { app } from './app.ts'

export { Mainloop } from './mainloop.ts'
export { Lobby } from './pairing/pairing-registry.ts'
export default app
