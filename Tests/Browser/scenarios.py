"""Scenarios that are hard on a report, made for the checks beside this file; each function writes one and returns its path."""

import os

HOSTILE = r"""
shared text = "<script>alert(1)</script> ]]> ``` | \n--> @all #1 [x](http://y) {{{data}}} %0A::error::"
shared other = "\u202e\u200b\u0085"
thread t * 2 {
    let old = text
    text = "</script><!-- \\"'& $(x) %%{init} end"
    assert old == "\u202e</style>", "</td>]]>\\n`x`"
}
""".encode().decode("unicode_escape").replace("| \n", "| \\n")


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def hostile(folder):
    """Texts, and a file name, that try to be markup in each of the formats."""
    return write(folder, "a<b>&'`]]>.heddle", HOSTILE)


def long_order(folder):
    """An order of some 500 steps."""
    return write(folder, "long.heddle", "shared n = 0\nthread counter { for i in 0..<250 { n += 1 }\n assert n == 0 }\n")


def many_threads(folder):
    """A deadlock of 12 threads."""
    return write(folder, "wide.heddle", "barrier gate(13)\nthread runner * 12 { gate.wait() }\n")


def long_names(folder):
    """A deadlock of threads and locks whose names fill a line."""
    locks = ["a_lock_with_a_name_that_is_rather_long", "another_lock_with_a_name_that_is_rather_long"]
    threads = [f"thread the_thread_that_takes_{one}_first {{ with {one} {{ with {other} {{ }} }} }}"
               for one, other in [locks, locks[::-1]]]
    return write(folder, "names.heddle", "\n".join([*(f"lock {lock}" for lock in locks), *threads, ""]))


def many_findings(folder):
    """A folder of 200 scenarios with a finding each."""
    place = os.path.join(folder, "many")
    os.mkdir(place)
    for number in range(200):
        write(place, f"account{number}.heddle",
              f"shared balance = {number}\n\nthread deposit * 2 {{\n    let current = balance\n"
              f"    balance = current + {number + 1}\n}}\n")
    return place
