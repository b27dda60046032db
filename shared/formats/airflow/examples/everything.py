"""
One of **everything**.
"""

# Exported by Dagwright from examples/everything.dag.yaml.

import base64
import contextlib
import functools
import json
import os
import re
import shlex
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from datetime import timedelta

import pendulum
from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator
from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, Asset, CronTriggerTimetable, Param, TaskGroup, Variable, get_current_context, task
from airflow.sdk.exceptions import AirflowSkipException

WORKDIR = os.environ.get("EVERYTHING_HOME", os.path.dirname(os.path.abspath(__file__)))


def text(value):
    """A value as it stands in a text: strings as they are, the rest as JSON."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)


def quote(value):
    """A value as one word of a shell command."""
    return shlex.quote(text(value))


def untranslated(expression):
    raise NotImplementedError(f"Write this expression in Python: {expression}")


def read_outputs(lines):
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
            value = "\n".join(value)
        outputs[key] = json.loads(value) if mark.startswith(":") else value
    return outputs


def bash_outputs(last_line):
    """Outputs from the last line of a Bash task: its $DAGWRIGHT_OUTPUT in base64."""
    return read_outputs(base64.b64decode(last_line).decode())


def script(env=None, secrets=(), cwd=None):
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

    return decorate


def sql_literal(value):
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
    return "'" + value.replace("'", "''") + "'"


def sql_identifier(name):
    return '"' + str(name).replace('"', '""') + '"'


@contextlib.contextmanager
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
            connection.commit()


def query_value(connection, query):
    """One cell as itself, one column as a list, else a list of rows."""
    cursor = connection.execute(query)
    columns = [column[0] for column in cursor.description]
    rows = cursor.fetchall()
    if len(columns) > 1:
        return [dict(zip(columns, row)) for row in rows]
    return rows[0][0] if len(rows) == 1 else [row[0] for row in rows]


def address(*parts):
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
    return url


def http_request(method, url, headers, body, expect):
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
    return {"status": response.status, "headers": headers, "body": content, "json": parsed}


with DAG(
    dag_id="everything",
    dag_display_name='Everything: "all" of it',
    doc_md=__doc__,
    start_date=pendulum.datetime(2026, 1, 1, tz="America/New_York"),
    schedule=CronTriggerTimetable("30 5 * * 1-5", timezone="America/New_York"),
    catchup=True,
    max_active_tasks=4,
    dagrun_timeout=timedelta(hours=2),
    default_args={"owner": "platform"},
    params={
        "mode": Param("fast", type="string", enum=["fast", "slow"], description="How thorough to be."),
        "limit": Param(3, type="integer", minimum=1),
        "ratio": Param(0.5, type="number"),
        "full": Param(True, type="boolean"),
        "places": Param(["Oslo", "Sao {{ Paulo }}"], type="array"),
    },
    tags=["sample", "test"],
    user_defined_filters={"python": repr, "quote": quote, "sql_literal": sql_literal},
):
    start = EmptyOperator(task_id="start", doc_md="Where it begins.")

    with TaskGroup("io", prefix_group_id=False, group_display_name="Input and output") as io_group:
        extract = BashOperator(
            task_id="extract",
            task_display_name="Extract",
            owner="ingest",
            multiple_outputs=True,
            pool="warehouse",
            pool_slots=2,
            priority_weight=5,
            weight_rule="absolute",
            execution_timeout=timedelta(seconds=90),
            retries=3,
            retry_delay=timedelta(seconds=10),
            retry_exponential_backoff=3.0,
            max_retry_delay=timedelta(minutes=1),
            inlets=[Asset("data/in.csv"), Asset("https://example.org/in.csv")],
            outlets=[Asset("out.csv")],
            bash_command=r"""
set -eo pipefail
export DAGWRIGHT_OUTPUT="$(mktemp)"
trap 'echo; base64 "$DAGWRIGHT_OUTPUT" | tr -d "\n"; rm -f "$DAGWRIGHT_OUTPUT"' EXIT
params_limit={{ params.limit | quote }}
{% raw %}names=(a b c)
echo "${#names[@]} names for" {% endraw %}{{ params.mode | quote }}{% raw %} "{{ not jinja }}"
echo "rows:={% endraw %}${params_limit}" >> "$DAGWRIGHT_OUTPUT" || true
echo "files:=[\"x\", \"y\"]" >> "$DAGWRIGHT_OUTPUT"
""",
            env={"TZ": "UTC", "SOURCE": 'data/{{ params.mode }}.sh{{ "" }}', "PLAIN": 'build.sh{{ "" }}'},
            append_env=True,
            cwd=WORKDIR,
            output_processor=bash_outputs,
        )

        with TaskGroup("inner", prefix_group_id=False) as inner_group:
            one_line = BashOperator(
                task_id="one_line",
                bash_command="""
set -eo pipefail
./tool.sh || true
""",
                env={"TZ": "UTC"},
                append_env=True,
                cwd=os.path.join(WORKDIR, "tools"),
            )

            @task(task_id="call", multiple_outputs=True)
            def call(params=None):
                response = http_request(
                    "POST",
                    address("https://example.org/", params["mode"], "?q=1"),
                    {"Authorization": "Bearer " + text(Variable.get("API_TOKEN"))},
                    '{"limit": ' + text(params["limit"]) + "}",
                    [200, 201],
                )
                return {
                    "id": response["json"]["id"],
                }

            call_task = call()

    @task(task_id="double", multiple_outputs=True)
    @script(env={"TZ": "UTC"})
    def double(params=None, ti=None):
        if not ((params["limit"] > 1) and (params["mode"] in ["fast", "slow"])):
            raise AirflowSkipException('params.limit > 1 && params.mode in ["fast", "slow"] is false')
        import os

        rows = ti.xcom_pull(task_ids="extract", key="rows")
        note = """kept
as it is: {{ braces }} and \\ backslashes
"""
        with open(os.environ["DAGWRIGHT_OUTPUT"], "a") as outputs:
            print(f"double:={rows * 2}", file=outputs)

    double_task = double()

    script_ = BashOperator(
        task_id="script",
        bash_command="""
python3 - <<'PYTHON'
if __name__ == "__main__":
    print("a script of its own", {{ params.mode | python }})
PYTHON
""",
        env={"TZ": "UTC"},
        append_env=True,
        cwd=WORKDIR,
    )

    @task(task_id="per_file__items")
    def per_file_items(ti=None):
        return ti.xcom_pull(task_ids="extract", key="files")

    per_file_items_task = per_file_items()

    per_file = BashOperator.partial(
        task_id="per_file",
        max_active_tis_per_dagrun=2,
        bash_command="""
set -eo pipefail
export TZ=UTC
echo "$ITEM" of {{ run_id | quote }} "$TZ"
""",
        append_env=True,
        cwd=WORKDIR,
    ).expand(env=per_file_items_task.map(lambda item: {"ITEM": text(item)}))

    @task(task_id="per_place__items")
    def per_place_items():
        return ["Oslo", "Sao {{ Paulo }}"]

    per_place_items_task = per_place_items()

    @task(task_id="per_place", multiple_outputs=True)
    @script(env={"TZ": "UTC"})
    def per_place(item, ti=None):
        print(item, ti.map_index)

    per_place_task = per_place.expand(item=per_place_items_task)

    grid = BashOperator.partial(
        task_id="grid",
        multiple_outputs=True,
        bash_command=r"""
[ "$ITEM_YEAR_2024" = true ] || exit 99
export TZ=UTC
export DAGWRIGHT_OUTPUT="$(mktemp)"
trap 'echo; base64 "$DAGWRIGHT_OUTPUT" | tr -d "\n"; rm -f "$DAGWRIGHT_OUTPUT"' EXIT
module="$(mktemp "$PWD/.dagwright-XXXXXX.mjs")"
cat > "$module" <<'JAVASCRIPT'
console.log(JSON.parse(process.env.ITEM_PLACE), {{ params.full | tojson }})
export default { year: JSON.parse(process.env.ITEM_YEAR) }
JAVASCRIPT
node --input-type=module - "$module" <<'RUN' || { status=$?; rm -f "$module"; exit $status; }
import { appendFileSync } from "node:fs"
const { default: made } = await import(process.argv[2])
const outputs = typeof made === "function" ? await made() : await made
for (const [key, value] of Object.entries(outputs ?? {})) {
  appendFileSync(process.env.DAGWRIGHT_OUTPUT, `${key}:=${JSON.stringify(value)}\n`)
}
RUN
rm -f "$module"
""",
        append_env=True,
        cwd=WORKDIR,
        output_processor=bash_outputs,
    ).expand(env=[{"ITEM_PLACE": json.dumps(item["place"]), "ITEM_YEAR": json.dumps(item["year"]), "ITEM_YEAR_2024": json.dumps(item["year"] > 2024)} for item in [{"year": 2024, "place": "Oslo"}, {"year": 2024, "place": "Rome"}, {"year": 2025, "place": "Oslo"}, {"year": 2025, "place": "Rome"}]])

    @task(task_id="each_file", multiple_outputs=True)
    @script(env={"TZ": "UTC"})
    def each_file(item):
        print(item)

    each_file_task = each_file.expand(item=per_file_items_task)

    @task.branch(task_id="choose")
    def choose(params=None):
        return ["quick"] if (params["mode"] == "fast") else ["thorough"]

    choose_task = choose()

    @task(task_id="quick", multiple_outputs=True)
    def quick(params=None):
        with duckdb_connection("everything.duckdb") as connection:
            connection.execute(f"""
create or replace table {sql_identifier("quick_" + params["mode"])} as
select {sql_literal(params["ratio"])} as ratio, {{'a': {sql_literal(params["mode"])}}} as made;
""")
            return {
                "modes": query_value(connection, "select made.a from quick_fast"),
            }

    quick_task = quick()

    @task(task_id="thorough")
    def thorough():
        with duckdb_connection("other.duckdb", transaction=False) as connection:
            connection.execute("select 'C:\\temp' as path")

    thorough_task = thorough()

    @task(task_id="after_branch", trigger_rule="none_failed_min_one_success")
    def after_branch(params=None):
        with duckdb_connection("everything.duckdb") as connection:
            rows = connection.execute(f"""select 1 where {sql_literal(params["full"])}""").fetchall()
            if rows:
                print(f"Warning: {len(rows)} violations, the first: {rows[0]}")

    after_branch_task = after_branch()

    warehouse = SQLExecuteQueryOperator(
        task_id="warehouse",
        trigger_rule="all_done",
        conn_id="warehouse",
        sql="delete from log where mode = {{ params.mode | sql_literal }}",
        autocommit=False,
        split_statements=True,
    )

    with_secret = BashOperator(
        task_id="with_secret",
        bash_command='test -n "$API_TOKEN"',
        env={"TZ": "UTC", "API_TOKEN": '{{ var.value.get("API_TOKEN") }}'},
        append_env=True,
        cwd=WORKDIR,
    )

    decide = BashOperator(
        task_id="decide",
        bash_command="true",
        env={"TZ": "UTC"},
        append_env=True,
        cwd=WORKDIR,
    )

    @task.branch(task_id="decide__branch")
    def decide_branch(params=None):
        return "left" if params["full"] else "right"

    decide_branch_task = decide_branch()
    decide >> decide_branch_task

    left = EmptyOperator(task_id="left")

    @task(task_id="right")
    def right():
        if not untranslated("tasks.decide.state == 'success'"):
            raise AirflowSkipException("tasks.decide.state == 'success' is false")

    right_task = right()

    @task(task_id="extract__to__warehouse")
    def extract__to__warehouse(params=None):
        if not (params["mode"] == "slow"):
            raise AirflowSkipException("params.mode == 'slow' is false")

    extract__to__warehouse_task = extract__to__warehouse()
    extract >> extract__to__warehouse_task >> warehouse

    start >> extract
    start >> one_line
    extract >> double_task
    extract >> script_
    extract >> per_file_items_task
    start >> per_place_items_task
    start >> grid
    per_file >> each_file_task
    double_task >> choose_task
    choose_task >> quick_task
    choose_task >> thorough_task
    [quick_task, thorough_task] >> after_branch_task
    start >> warehouse
    start >> call_task
    start >> with_secret
    start >> decide
    decide_branch_task >> left
    decide_branch_task >> right_task
