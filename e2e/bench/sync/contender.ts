/** Opens two clients, A and B, in a room of their own; B calls `seen` with each text it holds that A sent. */
export type Open = (place: { url: string, room: string, seen: (text: string) => void }) => Promise<Pair>

export interface Pair {
  /** A sends a text of its own; nothing is awaited, as a person's tap is not. */
  send: (text: string) => void
  close: () => Promise<void>
}

export interface Contender {
  name: string
  /** Which of the two Workers it talks to. */
  worker: 'mainloop' | 'peers'
  open: Open
}
