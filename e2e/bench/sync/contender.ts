/** Opens one of the two devices of a room. `onText` is called with each text that arrives; a device's own texts may be among them. */
export type Open = (address: RoomAddress, onText: (text: string) => void) => Promise<Device>

export interface RoomAddress {
  url: string
  room: string
  /** The device's name within the room. */
  name: string
  /** The cookie of the person's device; empty for contenders without people. */
  cookie: string
}

export interface Device {
  /** Sends a text without waiting for anything, as a tap of a person does. */
  send: (text: string) => void
  close: () => Promise<void>
}
