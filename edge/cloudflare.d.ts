/** What `cloudflare:workers` gives to tests: our bindings and our Worker. */
declare namespace Cloudflare {
  type Bindings = import('./env.ts').Env
  interface Env extends Bindings {}
  interface GlobalProps { mainModule: typeof import('./main.ts') }
}
