/** The arguments of the program that serves an edge. */
export interface ServedEdge {
  /** The folder of the built app. */
  build: string
  port: number
  /** The address that it listens on. */
  host: string
  /** The folder of everything that is stored. */
  state: string
  vars: Record<string, string>
}
