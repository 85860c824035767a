import { app } from './app.ts'

export { Lobby } from './auth/lobby.ts'
export { Mainloop } from './mainloop.ts'
export default app
