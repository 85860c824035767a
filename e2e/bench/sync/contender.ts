/** Opens one of the two devices of a room. `seen` is called with each text of the other's that it holds. */
export type Open = (address: RoomAddress, seen: (text: string) => void) => Promise<Device>

export interface RoomAddress {
  url: string
  room: string
  /** This device's within the room. */
  name: string
  /** Of the person whose devices they are; empty for those that know no people. */
  cookie: string
}

export interface Device {
  /** Sends a text; nothing is awaited, as a person's tap is not. */
  send: (text: string) => void
  close: () => Promise<void>
}
