/**
 * Small Python functions that an exported file defines where it uses them, in this order. Each is what a person would
 * write for the purpose; together they carry over what Dagwright gives its tasks.
 */
export interface Helper {
  readonly name: string
  readonly needs: readonly HelperName[]
  /** Modules of the standard library, and names from others: `module` → names. */
  readonly imports: readonly string[]
  readonly from: Readonly<Record<string, readonly string[]>>
  readonly source: string
}

export type HelperName =
  | 'text'
  | 'quote'
  | 'untranslated'
  | 'read_outputs'
  | 'bash_outputs'
  | 'script'
  | 'sql_literal'
  | 'sql_identifier'
  | 'duckdb_connection'
  | 'query_value'
  | 'fail_on_rows'
  | 'address'
  | 'http_request'

export const HELPERS: readonly Helper[] = [
  {
    name: 'text',
    needs: [],
    imports: ['json'],
    from: {},
    source: `def text(value):
    """A value as it stands in a text: strings as they are, the rest as JSON."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)`,
  },
  {
    name: 'quote',
    needs: ['text'],
    imports: ['shlex'],
    from: {},
    source: `def quote(value):
    """A value as one word of a shell command."""
    return shlex.quote(text(value))`,
  },
  {
    name: 'untranslated',
    needs: [],
    imports: [],
    from: {},
    source: `def untranslated(expression):
    raise NotImplementedError(f"Write this expression in Python: {expression}")`,
  },
  {
    name: 'read_outputs',
    needs: [],
    imports: ['json'],
    from: {},
    source: `def read_outputs(lines):
    """Outputs from the lines of $DAGWRIGHT_OUTPUT: key=text, key:=json, key<<END … END, key:<<END … END."""
    outputs = {}
    lines = iter(lines.splitlines())
    for line in lines:
        marks = [(line.find(mark), -len(mark), mark) for mark in (":<<", "<<", ":=", "=") if mark in line]
        if not marks:
            continue
        at, _, mark = min(marks)
        key, value = line[:at], line[at + len(mark) :]
        if mark.endswith("<<"):
            end, value = value, []
            for line in lines:
                if line == end:
                    break
                value.append(line)
            value = "\\n".join(value)
        outputs[key] = json.loads(value) if mark.startswith(":") else value
    return outputs`,
  },
  {
    name: 'bash_outputs',
    needs: ['read_outputs'],
    imports: ['base64'],
    from: {},
    source: `def bash_outputs(last_line):
    """Outputs from the last line of a Bash task: its $DAGWRIGHT_OUTPUT in base64."""
    return read_outputs(base64.b64decode(last_line).decode())`,
  },
  {
    name: 'script',
    needs: ['read_outputs'],
    imports: ['functools', 'os', 'tempfile'],
    from: { 'airflow.sdk': ['Variable', 'get_current_context'] },
    source: `def script(env=None, secrets=(), cwd=None):
    """Run a function as a script: in WORKDIR, with its environment; what it appends to $DAGWRIGHT_OUTPUT is returned."""

    def decorate(function):
        @functools.wraps(function)
        def run(*args, **kwargs):
            context = get_current_context()
            instance = context["ti"]
            output = tempfile.NamedTemporaryFile(delete=False).name
            os.chdir(os.path.join(WORKDIR, cwd or ""))
            os.environ.update(env or {})
            os.environ.update({name: Variable.get(name) for name in secrets})
            os.environ.update(
                DAGWRIGHT_RUN_ID=context["run_id"],
                DAGWRIGHT_TASK_ID=instance.task_id,
                DAGWRIGHT_INDEX=str(max(instance.map_index, 0)),
                DAGWRIGHT_ATTEMPT=str(instance.try_number),
                DAGWRIGHT_LOGICAL_DATE=str(context.get("ts", "")),
                DAGWRIGHT_WORKSPACE=WORKDIR,
                DAGWRIGHT_OUTPUT=output,
            )
            try:
                function(*args, **kwargs)
                with open(output) as lines:
                    return read_outputs(lines.read())
            finally:
                os.unlink(output)

        return run

    return decorate`,
  },
  {
    name: 'sql_literal',
    needs: [],
    imports: ['json'],
    from: {},
    source: `def sql_literal(value):
    """A value as a literal of SQL."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(sql_literal(item) for item in value) + "]"
    value = value if isinstance(value, str) else json.dumps(value)
    return "'" + value.replace("'", "''") + "'"`,
  },
  {
    name: 'sql_identifier',
    needs: [],
    imports: [],
    from: {},
    source: `def sql_identifier(name):
    return '"' + str(name).replace('"', '""') + '"'`,
  },
  {
    name: 'duckdb_connection',
    needs: [],
    imports: ['contextlib', 'os', 'time'],
    from: {},
    source: `@contextlib.contextmanager
def duckdb_connection(path, cwd="", transaction=True):
    """Open a DuckDB file in WORKDIR. Only one process can hold it, so wait until no other task does."""
    import duckdb

    os.chdir(os.path.join(WORKDIR, cwd))
    while True:
        try:
            connection = duckdb.connect(path)
            break
        except duckdb.IOException as error:
            if "lock" not in str(error):
                raise
            time.sleep(0.5)
    with connection:
        if transaction:
            connection.begin()
        yield connection
        if transaction:
            connection.commit()`,
  },
  {
    name: 'query_value',
    needs: [],
    imports: [],
    from: {},
    source: `def query_value(connection, query):
    """One cell as itself, one column as a list, else a list of rows."""
    cursor = connection.execute(query)
    columns = [column[0] for column in cursor.description]
    rows = cursor.fetchall()
    if len(columns) > 1:
        return [dict(zip(columns, row)) for row in rows]
    return rows[0][0] if len(rows) == 1 else [row[0] for row in rows]`,
  },
  {
    name: 'fail_on_rows',
    needs: [],
    imports: [],
    from: {},
    source: `def fail_on_rows(cursor):
    """Rows that a check returns are violations."""
    rows = cursor.fetchall()
    if rows:
        raise ValueError(f"{len(rows)} violations, the first: {rows[0]}")`,
  },
  {
    name: 'address',
    needs: ['text'],
    imports: ['re', 'urllib.parse'],
    from: {},
    source: `def address(*parts):
    """An address; every second part is a value, percent-encoded for where it stands."""
    url = ""
    for place, part in enumerate(parts):
        if place % 2 == 0:
            url += part
        elif re.search("[?#]", url):
            url += urllib.parse.quote(text(part), safe="!*'()")
        elif re.match("[a-z][a-z0-9+.-]*://[^/]*/", url, re.IGNORECASE):
            url += urllib.parse.quote(text(part), safe="!*'()/")
        else:
            url += text(part)
    return url`,
  },
  {
    name: 'http_request',
    needs: [],
    imports: ['json', 'urllib.error', 'urllib.request'],
    from: {},
    source: `def http_request(method, url, headers, body, expect):
    """Call an address; fail on a status that is not expected."""
    data = None if body is None else body.encode()
    request = urllib.request.Request(url, data=data, headers=headers, method=method)
    try:
        response = urllib.request.urlopen(request)
    except urllib.error.HTTPError as error:
        response = error
    with response:
        content = response.read().decode(errors="replace")
    if response.status not in (expect or range(200, 300)):
        raise ValueError(f"{method} {url} answered {response.status}: {content[:1000]}")
    try:
        parsed = json.loads(content)
    except ValueError:
        parsed = None
    headers = {name.lower(): value for name, value in response.headers.items()}
    return {"status": response.status, "headers": headers, "body": content, "json": parsed}`,
  },
]
