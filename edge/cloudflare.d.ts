/** What `cloudflare:workers` gives to tests: our bindings and our Worker, and an object of theirs. */
declare namespace Cloudflare {
  type Bindings = import('./bindings.ts').Bindings
  interface Env extends Bindings { BLANK: DurableObjectNamespace<import('./testing/worker.ts').Blank> }
  interface GlobalProps { mainModule: typeof import('./testing/worker.ts') }
}
