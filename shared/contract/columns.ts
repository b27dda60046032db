import { type Steps, takeAll } from '../model/steps.ts'

/**
 * A list of objects as text, of journal events a fifth as long as their JSON: objects of one shape (the same keys) stand
 * together, and of each key all values, which are mostly alike or grow by little. A run that is watched live is thousands
 * of events a second, and a browser takes them from its connection some kilobytes at a time, each at a price.
 */
interface Columns {
  /** Of each object, in order: which shape it has. */
  readonly order: readonly number[]
  readonly shapes: readonly Shape[]
}

interface Shape {
  readonly keys: readonly string[]
  /** Of each key, the values of all objects of this shape. */
  readonly columns: readonly Column[]
}

type Column =
  /** One value for all. */
  | { readonly same: unknown }
  /** Whole numbers, each as what it is more than the one before. */
  | { readonly steps: readonly number[] }
  /** Texts without spaces, with spaces between them. */
  | { readonly words: string }
  | { readonly objects: Columns }
  | { readonly each: readonly unknown[] }

type Fields = Readonly<Record<string, unknown>>

/** Objects whose columns stand together: some milliseconds of work. */
const PORTION = 1000

/** Lists that were packed ahead. */
const packed = new WeakMap<readonly object[], string>()

/** Fields that are `undefined` are left out, as in JSON. */
export function packObjects(objects: readonly object[]): string {
  return packed.get(objects) ?? takeAll(packSteps(objects))
}

/** Packs a long list ahead, a portion a step, so that to send this very list takes no time. */
export function* packSteps(objects: readonly object[]): Steps<string> {
  const portions: string[] = []
  for (let at = 0; at < objects.length; at += PORTION) {
    const portion = objects.slice(at, at + PORTION) as readonly Fields[]
    portions.push(JSON.stringify(columnsOf(portion, true)))
    yield
  }
  const text = `[${portions.join(',')}]`
  packed.set(objects, text)
  return text
}

/** @throws SyntaxError where the text is not JSON */
export function unpackObjects(text: string): object[] {
  return (JSON.parse(text) as Columns[]).flatMap(objectsOf)
}

interface Gathered {
  readonly number: number
  readonly keys: readonly string[]
  readonly values: readonly unknown[][]
}

/** The shape of the objects whose keys lead here, one after the other: there are few, and thousands of objects. */
interface Branch {
  shape: Gathered | null
  readonly next: Map<string, Branch>
}

/** `deep`: objects in fields are taken apart, too, but not what is in them. */
function columnsOf(objects: readonly Fields[], deep: boolean): Columns {
  const all: Gathered[] = []
  const root: Branch = { shape: null, next: new Map() }
  const order = objects.map((object) => {
    let branch = root
    for (const key in object) {
      if (object[key] === undefined) continue
      let next = branch.next.get(key)
      if (next === undefined) {
        next = { shape: null, next: new Map() }
        branch.next.set(key, next)
      }
      branch = next
    }
    if (branch.shape === null) {
      const keys = Object.keys(object).filter((key) => object[key] !== undefined)
      branch.shape = { number: all.length, keys, values: keys.map(() => []) }
      all.push(branch.shape)
    }
    const { number, keys, values } = branch.shape
    for (let at = 0; at < keys.length; at++) values[at]!.push(object[keys[at]!])
    return number
  })
  return { order, shapes: all.map(({ keys, values }) => ({ keys, columns: values.map((own) => columnOf(own, deep)) })) }
}

function columnOf(values: readonly unknown[], deep: boolean): Column {
  const first = values[0]
  if ((typeof first !== 'object' || first === null) && values.every((value) => value === first)) return { same: first }
  if (values.every(isSmallInteger)) {
    return { steps: values.map((value, at) => (at === 0 ? value : value - values[at - 1]!)) }
  }
  if (values.every(isWord)) return { words: values.join(' ') }
  if (deep && values.every(isPlain)) return { objects: columnsOf(values, false) }
  return { each: values }
}

/** Differences of numbers below this are exact. */
const LARGEST = 2 ** 52

function isSmallInteger(value: unknown): value is number {
  return Number.isInteger(value) && Math.abs(value as number) < LARGEST
}

function isWord(value: unknown): value is string {
  return typeof value === 'string' && !value.includes(' ')
}

/** `__proto__` can't be a field that is assigned. */
function isPlain(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !Object.hasOwn(value, '__proto__')
}

function objectsOf({ order, shapes }: Columns): Fields[] {
  const next = shapes.map(() => 0)
  const all = shapes.map(({ columns }) => columns.map(readerOf))
  return order.map((number) => {
    const row = next[number]!++
    const { keys } = shapes[number]!
    const read = all[number]!
    const object: Record<string, unknown> = {}
    for (let at = 0; at < keys.length; at++) object[keys[at]!] = read[at]!(row)
    return object
  })
}

/** Asked for one row after the other. */
function readerOf(column: Column): (row: number) => unknown {
  if ('same' in column) return () => column.same
  if ('steps' in column) {
    let last = 0
    return (row) => {
      last += column.steps[row]!
      return last
    }
  }
  const values =
    'words' in column ? column.words.split(' ') : 'objects' in column ? objectsOf(column.objects) : column.each
  return (row) => values[row]
}
