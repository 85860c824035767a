/** What `cloudflare:workers` gives to tests: our bindings and our Worker, and an object of theirs. */
declare namespace Cloudflare {
  type Bindings = import('../bindings.ts').Bindings
  interface Env extends Bindings { BLANK: DurableObjectNamespace<import('./worker.ts').Blank> }
  interface GlobalProps { mainModule: typeof import('./worker.ts') }
}
