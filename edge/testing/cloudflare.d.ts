/** Types of `cloudflare:workers` in tests: our bindings and Worker, and an object for tests. */
declare namespace Cloudflare {
  type Bindings = import('../bindings.ts').Bindings
  interface Env extends Bindings { BLANK: DurableObjectNamespace<import('./worker.ts').Blank> }
  interface GlobalProps { mainModule: typeof import('./worker.ts') }
}
