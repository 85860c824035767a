import { cp, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Copies the built app as a next version of it: the same code with other names of scripts, and a service worker that caches only those. */
export async function copyAsNextVersion(build: string, folder: string): Promise<void> {
  await cp(build, folder, { recursive: true })
  const client = join(folder, 'client')
  const scripts = (await readdir(join(client, 'assets'))).filter(file => file.endsWith('.js'))
  const nextOf = (script: string) => script.replace(/\.js$/, '-next.js')
  await Promise.all(scripts.map(script => rename(join(client, 'assets', script), join(client, 'assets', nextOf(script)))))
  for (const file of ['index.html', 'service-worker.js', ...scripts.map(script => join('assets', nextOf(script)))]) {
    const text = await readFile(join(client, file), 'utf8')
    const renamed = scripts.reduce((text, script) => text.replaceAll(script, nextOf(script)), text)
    await writeFile(join(client, file), renamed.replaceAll(/("?revision"?:\s*)"\w+"/g, '$1"next"'))
  }
}
