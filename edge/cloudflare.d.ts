/** What `cloudflare:workers` gives to tests: our bindings and our Worker, and an object of theirs. */
declare namespace Cloudflare {
  type Bindings = import('./env.ts').Env
  interface Env extends Bindings { BLANK: DurableObjectNamespace<import('./testing/worker.ts').Blank> }
  interface GlobalProps { mainModule: typeof import('./testing/worker.ts') }
}
