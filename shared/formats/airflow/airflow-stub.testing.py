"""Runs exported DAG files against stand-ins for Airflow that only record tasks and dependencies.

Reads a JSON list of sources from standard input, writes a JSON list of {error} or {dag, tasks, edges, groups}.
"""

import ast
import json
import sys
import types


class Recorder:
    def __init__(self):
        self.dag, self.tasks, self.edges, self.groups, self.open = {}, {}, [], {}, []


state = Recorder()


def plain(value):
    if isinstance(value, (str, int, float, bool, type(None))):
        return value
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    return repr(value)


class Node:
    def __init__(self, task_id, **arguments):
        if task_id in state.tasks or task_id in state.groups:
            raise ValueError(f"two tasks {task_id}")
        self.task_id = task_id
        state.tasks[task_id] = plain(arguments) | {"group": state.open[-1] if state.open else None}

    @classmethod
    def partial(cls, **arguments):
        return Partial(lambda **more: cls(**arguments, **more))

    def map(self, function):
        function("a item")
        return self

    def __rshift__(self, other):
        for target in other if isinstance(other, list) else [other]:
            state.edges.append([self.task_id, target.task_id])
        return other

    def __rrshift__(self, others):
        for source in others:
            source >> self
        return self


class Partial:
    def __init__(self, make):
        self.make = make

    def expand(self, **arguments):
        node = self.make(mapped=sorted(arguments))
        for value in arguments.values():
            if isinstance(value, Node):
                value >> node
            elif not isinstance(value, list):
                raise TypeError(f"cannot map over {value!r}")
        return node


class Decorated:
    def __init__(self, function, arguments):
        self.function, self.arguments = function, arguments

    def __call__(self):
        return Node(**self.arguments)

    def expand(self, **arguments):
        return Partial(lambda **more: Node(**self.arguments, **more)).expand(**arguments)


def task(**arguments):
    return lambda function: Decorated(function, arguments)


task.branch = task


class DAG:
    def __init__(self, **arguments):
        state.dag = plain(arguments)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None


class TaskGroup:
    def __init__(self, group_id, **_):
        if group_id in state.tasks or group_id in state.groups:
            raise ValueError(f"two groups {group_id}")
        if not group_id.replace("_", "").replace("-", "").isalnum():
            raise ValueError(f"bad group id {group_id}")
        self.group_id = group_id
        state.groups[group_id] = state.open[-1] if state.open else None

    def __enter__(self):
        state.open.append(self.group_id)
        return self

    def __exit__(self, *_):
        state.open.pop()


class Anything:
    def __init__(self, *_, **__):
        pass


def module(name, **names):
    made = types.ModuleType(name)
    made.__dict__.update(names)
    sys.modules[name] = made


for package in ("airflow", "airflow.providers", "airflow.providers.standard", "airflow.providers.standard.operators"):
    module(package)
for package in ("airflow.providers.common", "airflow.providers.common.sql", "airflow.providers.common.sql.operators"):
    module(package)
sdk = dict(Asset=Anything, CronTriggerTimetable=Anything, Param=Anything, Variable=Anything, get_current_context=dict)
module("airflow.sdk", DAG=DAG, TaskGroup=TaskGroup, task=task, **sdk)
module("airflow.sdk.exceptions", AirflowSkipException=Exception)
module("airflow.providers.standard.operators.bash", BashOperator=Node)
module("airflow.providers.standard.operators.empty", EmptyOperator=Node)
module("airflow.providers.common.sql.operators.sql", SQLExecuteQueryOperator=Node)
module("pendulum", datetime=lambda *_, **__: "date")

results = []
for source in json.load(sys.stdin):
    state.__init__()
    try:
        tree = ast.parse(source)
        imported = {a.asname or a.name.split(".")[0] for n in ast.walk(tree) if isinstance(n, (ast.Import, ast.ImportFrom)) and n in tree.body for a in n.names}
        used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        if imported - used:
            raise ValueError(f"imported for nothing: {imported - used}")
        exec(compile(tree, "dag.py", "exec"), {"__file__": "/dags/dag.py", "__name__": "dag", "__doc__": ast.get_docstring(tree)})
        results.append({"dag": state.dag, "tasks": state.tasks, "edges": state.edges, "groups": state.groups})
    except Exception as error:
        results.append({"error": f"{type(error).__name__}: {error}"})
json.dump(results, sys.stdout)
