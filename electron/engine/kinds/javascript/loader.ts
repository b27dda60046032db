/**
 * The program that runs a task's module, as text: it is written beside the task's code and run by whatever Node the
 * workspace has (20.6 or later). The module gets an address in the working directory, so that its imports and
 * `import.meta.url` start there, while its source lies in the private folder.
 *
 * Arguments: the code's path, the module's address, the output file.
 */
export const LOADER = `import { appendFileSync, readFileSync } from 'node:fs'
import * as nodeModule from 'node:module'

const [codePath, address, outputPath] = process.argv.slice(2)
const source = readFileSync(codePath, 'utf8')

if (nodeModule.registerHooks) {
  nodeModule.registerHooks({
    resolve: (specifier, context, next) =>
      specifier === address ? { url: address, format: 'module', shortCircuit: true } : next(specifier, context),
    load: (url, context, next) =>
      url === address ? { format: 'module', source, shortCircuit: true } : next(url, context),
  })
} else {
  const hooks = \`
    let address, source
    export async function initialize(data) { address = data.address; source = data.source }
    export async function resolve(specifier, context, next) {
      return specifier === address ? { url: address, format: 'module', shortCircuit: true } : next(specifier, context)
    }
    export async function load(url, context, next) {
      return url === address ? { format: 'module', source, shortCircuit: true } : next(url, context)
    }\`
  nodeModule.register('data:text/javascript,' + encodeURIComponent(hooks), { data: { address, source } })
}

process.argv.splice(1, 4, codePath)
const loaded = await import(address)
const result = typeof loaded.default === 'function' ? await loaded.default() : await loaded.default
if (result !== undefined && result !== null) {
  if (typeof result !== 'object' || Array.isArray(result)) {
    throw new TypeError('The default export must return an object of outputs, or nothing.')
  }
  let lines = '\\n'
  const exact = (item) => (Number.isSafeInteger(Number(item)) ? Number(item) : String(item))
  for (const [key, value] of Object.entries(result)) {
    if (!/^[A-Za-z_][A-Za-z0-9_.-]*$/.test(key)) {
      throw new TypeError('The output ' + JSON.stringify(key) + ' cannot be called so: a letter or _ first, then letters, digits, _ . and -.')
    }
    const json = JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? exact(item) : item))
    if (json !== undefined) lines += key + ':=' + json + '\\n'
  }
  appendFileSync(outputPath, lines)
}
`
