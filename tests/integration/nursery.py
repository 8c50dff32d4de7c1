"""A process that has loaded CKAN once and forks one process for each command: ``python nursery.py CKAN.INI``.

Loading CKAN takes seconds; a test that kills dozens of processes cannot pay them for each. What is forked is a process like any other: it
has connections of its own, runs the command as ``ckan -c CKAN.INI`` would, and may be killed. Reads requests as lines of JSON and
answers each with one.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

#: What a process that is to be killed has done until now.
COUNTED: list[Counter[str]] = []


def main(ini: str) -> None:
    """Load CKAN, then do what is asked for."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    from ckan.cli import load_config
    from ckan.config.middleware import make_app

    from ckanext.culturape.harvest.forking import close_connections

    app: Any = make_app(load_config(ini))
    # Nothing that a parent has opened is used by its children, or keeps a database from being copied.
    close_connections()
    answers.write("ready\n")
    answers.flush()
    for line in sys.stdin:
        request = json.loads(line)
        answer = poll(request["poll"]) if "poll" in request else bear(app._wsgi_app, answers, **request)
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def poll(pid: int) -> int | None:
    """How a process ended, ``None`` while it runs."""
    found, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if found else None


def bear(flask_app: Any, answers: Any, words: list[str], log: str, last: dict[str, int] | None = None) -> int:
    """The number of a new process that runs a command."""
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        answers.close()
        os.setsid()
        out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(out, 1)
        os.dup2(out, 2)
        if last is not None:
            die_after(**last)
        status = run(flask_app, words)
    finally:
        for counts in COUNTED:
            sys.stdout.write(f"counted {json.dumps(counts)}\n")
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def run(flask_app: Any, words: list[str]) -> int:
    """Run a command of CKAN as its command line does, or ``python`` and a program; the exit status."""
    import click
    from ckan.cli.cli import _add_external_commands, ckan

    context = click.Context(ckan)
    context.meta["flask_app"] = flask_app
    _add_external_commands(context)
    command: Any = ckan
    try:
        if words[0] == "python":
            with flask_app.test_request_context():
                exec(words[1], {})
            return 0
        for position, word in enumerate(words):
            found = command.get_command(context, word)
            if not isinstance(found, click.Group):
                found.main(words[position + 1 :], prog_name=word, parent=context)
            command = found
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(bool(end.code))
    except BaseException:
        import traceback

        traceback.print_exc()
    return 1


def die_after(**counts: int) -> None:
    """Be killed right before (``commit``, ``solr``) or after (``committed``, ``written``) so many of these were done; whoever lives tells all counts."""
    import pysolr
    from ckan import model

    done: Counter[str] = Counter()

    def count(name: str) -> None:
        done[name] += 1
        if done[name] == counts.get(name):
            os.kill(os.getpid(), signal.SIGKILL)

    def around(work: Callable[..., Any], before: str, after: str) -> Callable[..., Any]:
        def counted(*arguments: Any, **named: Any) -> Any:
            count(before)
            result = work(*arguments, **named)
            count(after)
            return result

        return counted

    dialect: Any = model.ensure_engine().dialect
    dialect.do_commit = around(dialect.do_commit, "commit", "committed")
    pysolr.Solr._send_request = around(pysolr.Solr._send_request, "solr", "written")
    COUNTED.append(done)


if __name__ == "__main__":
    main(sys.argv[1])
