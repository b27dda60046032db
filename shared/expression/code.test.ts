import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkCode, type Language, renderCode } from './code.ts'
import { HOSTILE } from './hostile.testing.ts'
import { scopeOf } from './scope.testing.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dagwright-code-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs a program whose output is to be the value of `params.v`, byte for byte. */
function runs(language: Language, command: string, name: string, source: string, value: string): string {
  const rendered = renderCode(language, source, scopeOf({ v: value }))
  if (!rendered.ok) throw new Error(rendered.findings[0].message)
  const file = join(folder, name)
  writeFileSync(file, rendered.value.code)
  const { stdout, stderr, status, error } = spawnSync(command, [file], {
    env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8', PYTHONUTF8: '1', ...rendered.value.env },
    encoding: 'utf8',
    maxBuffer: 1 << 24,
  })
  if (status !== 0) throw new Error(`${command}: ${status} ${stderr} ${error}`)
  return stdout
}

const has = (command: string) => spawnSync(command, ['-c', 'exit 0']).error === undefined

describe.skipIf(!has('bash'))('through bash', () => {
  const places: [string, string][] = [
    ['a word', 'printf %s ${{ params.v }}'],
    ['double quotes', 'printf %s "${{ params.v }}"'],
    ['a command in double quotes', 'x="$(printf %s ${{ params.v }}; printf .)"; printf %s "${x%.}"'],
    ['after comments, quotes and parentheses', '# it\'s\nf() (true)\ny=\'#"(\'; printf %s "" ${{ params.v }}'],
    ['a heredoc', 'x=$(cat <<EOF\n${{ params.v }}.\nEOF\n); printf %s "${x%.}"'],
  ]
  it.each(places)('%s', (_name, source) => {
    for (const value of HOSTILE) expect(runs('shell', 'bash', 'a.sh', source, value)).toBe(value)
  })
})

describe('through other languages', () => {
  it.skipIf(!has('python3'))('Python', () => {
    const source =
      'import sys\nsys.stdout.reconfigure(newline="")\nx = """a\'b""" # it\'s\nsys.stdout.write(${{ params.v }})'
    for (const value of HOSTILE) expect(runs('python', 'python3', 'a.py', source, value)).toBe(value)
  })
  it('JavaScript', () => {
    const source = 'const x = `a${"}" + `b`}`, y = /["\']/ // it\'s\nprocess.stdout.write(${{ params.v }})'
    for (const value of HOSTILE) expect(runs('javascript', process.execPath, 'a.mjs', source, value)).toBe(value)
  })
  it('any text at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (raw) => {
        const value = raw.replaceAll('\0', '')
        return runs('shell', 'sh', 'b.sh', 'printf %s ${{ params.v }}"${{ params.v }}"', value) === value + value
      }),
      { numRuns: 40 },
    )
  })
})

describe('literals', () => {
  const code = (language: Language, source: string, params = {}) => {
    const rendered = renderCode(language, source, scopeOf(params))
    return rendered.ok ? rendered.value.code : rendered.findings[0].code
  }
  it.each<[Language, string, object, string]>([
    ['python', 'x = ${{ params.v }}', { v: { a: [true, null, 1.5, 'q"'] } }, 'x = {"a": [True, None, 1.5, "q\\""]}'],
    ['javascript', 'f(${{ params.v }})', { v: [1, 'a'] }, 'f([1,"a"])'],
    ['sql', 'where d >= ${{ params.v }}', { v: 200 }, 'where d >= 200'],
    ['sql', "where s = ${{ params.v }} -- it's", { v: "o'hare" }, "where s = 'o''hare' -- it's"],
    ['sql', 'from ${{ ident(params.v) }}', { v: 'my "t"' }, 'from "my ""t"""'],
    ['sql', 'in ${{ params.v }}', { v: ['a', 'b', null] }, "in ['a', 'b', null]"],
    ['sql', 'select 3 -${{ params.v }}', { v: -5 }, 'select 3 -(-5)'],
    ['sql', 'select ${{ params.v }}', { v: ['a', 1] }, 'select \'["a",1]\'::json'],
    ['sql', 'from ${{ ident(params.v) }}', { v: ['main', 't'] }, 'from "main"."t"'],
    ['python', 'print(f"{x:\'>9} {{\'", ${{ params.v }})', { v: 1 }, 'print(f"{x:\'>9} {{\'", 1)'],
    ['python', 'f"{d["a"]:>{w["n"]}}" + ${{ params.v }}', { v: 1 }, 'f"{d["a"]:>{w["n"]}}" + 1'],
    ['python', "f'\\'{ {1: 2}[1] }' + ${{ params.v }}", { v: 1 }, "f'\\'{ {1: 2}[1] }' + 1"],
    ['python', 'f"\\{x!r:%H:%M}" + ${{ params.v }} # it\'s', { v: 1 }, 'f"\\{x!r:%H:%M}" + 1 # it\'s'],
    ['python', 'x = 2 ** ${{ params.v }}', { v: -1.5 }, 'x = 2 ** (-1.5)'],
    ['python', 'x = ${{ params.v }}.bit_length()', { v: 5 }, 'x = (5).bit_length()'],
    ['javascript', 'x = ${{ params.v }}.toFixed(2)', { v: 5 }, 'x = (5).toFixed(2)'],
    ['sql', 'select $é$ ${{ params.v }} $é$', { v: 5 }, 'EXPRESSION_IN_STRING'],
    ['javascript', '() => ${{ params.v }}', { v: { a: 1 } }, '() => ({"a":1})'],
    ['javascript', "x = ${{ params.v }} / ${{ params.v }} // it's", { v: 2 }, "x = 2 / 2 // it's"],
    ['shell', 'if (( ${{ params.v }} > 1 )); then', { v: 'a[$(id)]' }, 'EXPRESSION_NOT_A_NUMBER'],
    ['shell', 'echo $(( ${{ params.v }} + 1 ))', { v: 3 }, 'echo $(( 3 + 1 ))'],
    ['shell', 'echo $(( ${{ params.v }} ))', { v: 'a[$(id)]' }, 'EXPRESSION_NOT_A_NUMBER'],
    ['shell', 'echo $(( (${{ params.v }} + 1) * 2 ))', { v: 'a[$(id)]' }, 'EXPRESSION_NOT_A_NUMBER'],
    ['shell', 'echo $(( ((1)) + (2 * (${{ params.v }})) ))', { v: 'a[$(id)]' }, 'EXPRESSION_NOT_A_NUMBER'],
    ['shell', 'echo $(( (1) + $(wc -l < ${{ params.v }}) ))', { v: 'f' }, 'echo $(( (1) + $(wc -l < "$DW_1") ))'],
    ['shell', 'echo $(( (1) )) ${{ params.v }}', { v: 'f' }, 'echo $(( (1) )) "$DW_1"'],
    ['shell', '( (( ${{ params.v }} > 1 )) )', { v: 'a[$(id)]' }, 'EXPRESSION_NOT_A_NUMBER'],
    ['shell', 'case 1 in 1) (( ${{ params.v }} ));; esac', { v: 'a[$(id)]' }, 'EXPRESSION_NOT_A_NUMBER'],
    ['shell', 'time (( ${{ params.v }} ))', { v: 'a[$(id)]' }, 'EXPRESSION_NOT_A_NUMBER'],
    ['shell', 'cat <<E\n$(( ${{ params.v }} + 1 ))\nE', { v: 'a[$(id)]' }, 'EXPRESSION_NOT_A_NUMBER'],
    ['shell', "cat <<E\nit's $((1 << 2)) ${{ params.v }}\nE", { v: 1 }, "cat <<E\nit's $((1 << 2)) ${DW_1}\nE"],
    ['shell', 'cat <<E\n$(ls ${{ params.v }})\nE', { v: 1 }, 'cat <<E\n$(ls "$DW_1")\nE'],
    ['shell', "cat <<'E'\n$(( it's\nE\necho ${{ params.v }}", { v: 1 }, "cat <<'E'\n$(( it's\nE\necho \"$DW_1\""],
    ['shell', 'echo ${{ params.v }}', { v: 'a\0b' }, 'EXPRESSION_NUL'],
    ['shell', 'echo ${{ params.v }}', { v: 'a\ud800b' }, 'EXPRESSION_SURROGATE'],
    ['sql', 'select ${{ params.v }}', { v: ['\udfff'] }, 'EXPRESSION_SURROGATE'],
    ['sql', 'select ${{ params.v }}', { v: { a: 'b\0' } }, 'EXPRESSION_NUL'],
    ['powershell', 'echo "a ${{ params.v }}" ${{ params.v }}', { v: 1 }, 'echo "a ${env:DW_1}" ${env:DW_2}'],
    ['powershell', 'cat ${{ params.v }}_old', { v: 1 }, 'cat ${env:DW_1}_old'],
    ['cmd', 'echo ${{ params.v }}', { v: 1 }, 'echo !DW_1!'],
  ])('%s: %s', (language, source, params, expected) => expect(code(language, source, params)).toBe(expected))

  it('gives JavaScript an object whose key is __proto__', () => {
    const literal = code('javascript', '${{ params.v }}', { v: JSON.parse('{"__proto__": 1}') })
    expect(Object.keys(new Function(`return ${literal}`)() as object)).toEqual(['__proto__'])
  })
})

describe('places where no value can stand', () => {
  it.each<[Language, string, string, string]>([
    ['shell', "echo '${{ params.v }}'", 'EXPRESSION_IN_STRING', 'echo ${{ params.v }}'],
    ['shell', "echo 'a ${{ params.v }}'", 'EXPRESSION_IN_STRING', 'echo "a ${{ params.v }}"'],
    ['shell', "cat <<'EOF'\n${{ params.v }}\nEOF", 'EXPRESSION_IN_STRING', 'heredoc'],
    ['shell', 'cat <<-\\EOF\n\t${{ params.v }}\n\tEOF', 'EXPRESSION_IN_STRING', 'heredoc'],
    ['shell', 'echo # ${{ params.v }}', 'EXPRESSION_IN_COMMENT', ''],
    ['shell', 'echo `ls ${{ params.v }}`', 'EXPRESSION_IN_BACKTICKS', '$('],
    ['python', 'x = "${{ params.v }}"', 'EXPRESSION_IN_STRING', 'x = ${{ params.v }}'],
    ['python', "x = f'a {b} ${{ params.v }}'", 'EXPRESSION_IN_STRING', 'value = ${{ params.v }}'],
    ['python', 'x = f"{d[" ${{ params.v }} "]}"', 'EXPRESSION_IN_STRING', 'value'],
    ['python', 'x = f"{d[f\'{" ${{ params.v }} "}\']:>{w["n"]}}"', 'EXPRESSION_IN_STRING', 'value'],
    ['python', 'x = """\n${{ params.v }}\n"""', 'EXPRESSION_IN_STRING', 'value'],
    ['python', 'x = 1 # ${{ params.v }}', 'EXPRESSION_IN_COMMENT', ''],
    ['javascript', 'x = `a ${{ params.v }}`', 'EXPRESSION_IN_STRING', '${${{ params.v }}}'],
    ['javascript', "x = 'a ${{ params.v }}'", 'EXPRESSION_IN_STRING', "' + ${{ params.v }} + '"],
    ['javascript', 'x = a / b // ${{ params.v }}', 'EXPRESSION_IN_COMMENT', ''],
    ['sql', "select '${{ params.v }}'", 'EXPRESSION_IN_STRING', 'select ${{ params.v }}'],
    ['sql', "select 'it''s ${{ params.v }}'", 'EXPRESSION_IN_STRING', "' || ${{ params.v }} || '"],
    ['sql', 'select $$ ${{ params.v }} $$', 'EXPRESSION_IN_STRING', 'value'],
    ['sql', "select 'a'${{ params.v }}", 'EXPRESSION_IN_WORD', '|| ${{ params.v }}'],
    ['sql', 'select E${{ params.v }}', 'EXPRESSION_IN_WORD', 'space'],
    ['python', 'x = r${{ params.v }}', 'EXPRESSION_IN_WORD', 'space'],
    ['python', 'x = ""${{ params.v }}', 'EXPRESSION_IN_WORD', 'space'],
    ['sql', '/* /* */ ${{ params.v }} */ select 1', 'EXPRESSION_IN_COMMENT', ''],
  ])('%s: %s', (language, source, code, hint) => {
    const checked = checkCode(language, source)
    expect(checked).toMatchObject({ ok: false, findings: [{ code, hint: expect.stringContaining(hint) }] })
    if (!checked.ok) expect(source.slice(checked.findings[0].start, checked.findings[0].end)).toBe('${{ params.v }}')
  })
})
