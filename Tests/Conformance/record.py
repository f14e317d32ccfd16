#!/usr/bin/env python3
"""What Python's threading and queue do, step by step: runs the cases of cases.json and writes recorded.json.

    record.py            runs the cases and writes what happens
    record.py --check    runs them and fails if anything else happens than is written

A case has objects, which are Python expressions, and steps, "THREAD OPERATION". Every thread of a case does one operation at
a time, when it is told to. After each step everybody gets the time to go on who can, and what has happened is written down:

    a L.acquire() -> returns True
    b L.acquire() -> blocks
    a L.release() -> returns None; b returns True

An operation is a Python expression, or one of
    with X           `with X: pass`
    with X: fails    the same with an exception inside, which nobody catches
    fails, ends      the thread ends, by an exception or not
    times out        the timeout T of the operation that the thread is in passes
"""

import json
import os
import pathlib
import queue
import re
import subprocess
import sys
import threading
import time

FOLDER = pathlib.Path(__file__).resolve().parent
# Seconds after which nobody is going to move any more.
SETTLE = 0.5
# Seconds of a timeout that is to pass: longer than the steps before it take.
TIMEOUT = 6.0


class Fails(Exception):
    """What `fails` raises."""


class Worker:
    """A thread that does operations one by one, as it is told."""

    def __init__(self, name, is_daemon, names):
        self.name = name
        self.names = names
        self.operations = queue.SimpleQueue()
        # Whether it is in an operation, since when, and how the last one that is not told yet came out.
        self.is_busy = False
        self.since = 0.0
        self.outcome = None
        self.thread = threading.Thread(target=self.run, name=name, daemon=is_daemon)

    def run(self):
        while True:
            operation = self.operations.get()
            if operation in ("ends", "fails") or operation.endswith(": fails"):
                self.outcome = "ends"
                self.is_busy = False
                if operation == "ends":
                    return
                if operation != "fails":
                    with eval(operation[len("with "):-len(": fails")], self.names):
                        raise Fails
                raise Fails
            try:
                if operation.startswith("with "):
                    with eval(operation[len("with "):], self.names):
                        value = None
                else:
                    value = eval(operation, self.names)
                outcome = f"returns {value}"
            except Exception as error:
                outcome = f"raises {type(error).__name__}"
            self.outcome = outcome
            self.is_busy = False

    def told(self):
        """How the operation came out, once."""
        outcome, self.outcome = self.outcome, None
        return outcome


class Run:
    """One case, run under a controlled order."""

    def __init__(self, case):
        self.case = case
        # Only what cases may name.
        self.names = {name: getattr(threading, name) for name in (
            "Lock", "RLock", "Condition", "Semaphore", "BoundedSemaphore", "Event", "Barrier")}
        self.names |= {name: getattr(queue, name) for name in ("Queue", "LifoQueue", "PriorityQueue")}
        self.names["T"] = TIMEOUT
        for declaration in case.get("objects", []):
            name, expression = declaration.split(" = ")
            self.names[name] = eval(expression, self.names)
        threads = sorted({step.split(" ", 1)[0] for step in case["steps"]} | set(case.get("threads", [])))
        self.workers = {name: Worker(name, name in case.get("daemons", []), self.names) for name in threads}
        self.names |= {name: worker.thread for name, worker in self.workers.items()}

    def start(self):
        # With a thread `main`, the others are started by its operations.
        for name, worker in self.workers.items():
            if name == "main" or "main" not in self.workers:
                worker.thread.start()

    def step(self, step):
        """Takes a step and says what has happened."""
        name, operation = step.split(" ", 1)
        worker = self.workers[name]
        if operation == "times out":
            assert worker.is_busy, f"{name} is in no operation"
            self.wait(lambda: not worker.is_busy, worker.since + TIMEOUT + 4 * SETTLE - time.monotonic())
        else:
            assert not worker.is_busy, f"{name} is in an operation"
            worker.is_busy = True
            worker.since = time.monotonic()
            worker.operations.put(operation)
            self.wait(lambda: not worker.is_busy, 2 * SETTLE)
        time.sleep(SETTLE)
        own = "blocks" if worker.is_busy else worker.told()
        others = [
            f"{other.name} {other.told()}"
            for other in self.workers.values() if other is not worker and other.outcome is not None
        ]
        return "; ".join([own] + others)

    @staticmethod
    def wait(condition, seconds):
        end = time.monotonic() + seconds
        while not condition() and time.monotonic() < end:
            time.sleep(0.01)

    def execute(self):
        self.start()
        return [f"{step} -> {self.step(step)}" for step in self.case["steps"]]


def record(case):
    if case.get("exits"):
        return record_exit(case)
    try:
        return Run(case).execute()
    except ValueError as error:
        # An object that cannot be made.
        return [f"{type(error).__name__}"]


def record_exit(case):
    """The last step is the end of main: does the process end with it?"""
    child = subprocess.Popen([sys.executable, __file__, "--exit", case["name"]], stdout=subprocess.PIPE, text=True)
    lines = [child.stdout.readline().rstrip("\n") for _ in case["steps"][:-1]]
    assert child.stdout.readline() == "main ends\n"
    try:
        child.wait(4 * SETTLE + 1)
        ending = "the program ends"
    except subprocess.TimeoutExpired:
        child.kill()
        ending = "the program goes on"
    return lines + [f"{case['steps'][-1]} -> {ending}"]


def run_to_exit(case):
    run = Run(case)
    # The main thread of this process directs the steps, and then it is the one that ends.
    for step in case["steps"][:-1]:
        if not run.workers["main"].thread.is_alive():
            run.workers["main"].thread.start()
        print(f"{step} -> {run.step(step)}", flush=True)
    run.workers["main"].operations.put("ends")
    run.workers["main"].thread.join()
    print("main ends", flush=True)


def main():
    threading.excepthook = lambda _: None
    cases = json.loads((FOLDER / "cases.json").read_text())
    if sys.argv[1:2] == ["--exit"]:
        return run_to_exit(next(case for case in cases if case["name"] == sys.argv[2]))
    assert len({case["name"] for case in cases}) == len(cases), "two cases have one name"
    results = {}

    def work(case):
        results[case["name"]] = record(case)

    directors = [threading.Thread(target=work, args=(case,)) for case in cases]
    for director in directors:
        director.start()
    for director in directors:
        director.join()
    recorded = {case["name"]: results.get(case["name"], ["the harness failed"]) for case in cases}
    text = json.dumps(recorded, indent=1, ensure_ascii=False) + "\n"
    file = FOLDER / "recorded.json"
    status = 0
    if sys.argv[1:2] == ["--check"]:
        written = json.loads(file.read_text())
        is_open = {case["name"] for case in cases if "open" in case}
        for name in written | recorded:
            # Who of several goes on is not promised, and not the same each time.
            then, now = (
                [re.sub(r"; \w+ ", "; somebody ", line) for line in lines] if name in is_open else lines
                for lines in (written.get(name, []), recorded.get(name, []))
            )
            if then != now:
                status = 1
                print(f"{name}:\n  written  {written.get(name)}\n  now      {recorded.get(name)}", file=sys.stderr)
        if status == 0:
            print(len(recorded), "cases, all as recorded")
    else:
        file.write_text(text)
        print(len(recorded), "cases recorded")
    sys.stdout.flush()
    sys.stderr.flush()
    # Threads that are blocked for ever are part of some cases.
    os._exit(status)


if __name__ == "__main__":
    main()
