#!/usr/bin/env python3
"""Checks that every message of the sources is seen in an `expected` file of this folder.

    messages.py [--list] [ROOM]...

What counts as a message: a string literal (neighbouring ones joined) with a blank between two words,
in the sources of the rooms below. Placeholders of fmt stand for any text. Not messages: literals of a
preprocessor line or a CFY_ASSERT, and help texts, which are those of a statement in apps/ that adds a
command or an option (`add(`, `add_option(`, ...).

What no command of a golden case can bring about is in `unseen.txt`, with the reason and, where there
is one, the unit test that sees it. A line there that is no message any more, or that is seen, fails
too: so the list stays as short as the truth.
"""

import argparse
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))

STRICT = ["lib/yaml", "lib/schema", "lib/functions", "lib/dsl", "lib/deploy", "lib/fetch",
          "lib/plugin", "apps/cfy-run"]
REPORTED = ["lib/base", "lib/packages", "lib/store", "lib/exec", "lib/ui", "apps/ctx"]

TOKEN = re.compile(r"""
    (?P<comment>//[^\n]*|/\*.*?\*/)
  | (?P<raw>R"(?P<mark>[^()\s]*)\((?P<rawtext>.*?)\)(?P=mark)")
  | (?P<text>"(?:[^"\\\n]|\\.)*")
  | (?P<char>'(?:[^'\\\n]|\\.)+')
  | (?P<directive>^[ \t]*\#[^\n]*)
  | (?P<end>[;{}])
  | (?P<space>\s+)
  | (?P<other>.)
""", re.VERBOSE | re.DOTALL | re.MULTILINE)
ESCAPES = {"n": "\n", "t": "\t", '"': '"', "'": "'", "\\": "\\", "r": "\r"}
WORDS = re.compile(r"[A-Za-z',;:)}\]] +[A-Za-z'({\[]")


def unescaped(literal):
    return re.sub(r"\\(.)", lambda match: ESCAPES.get(match.group(1), "\\" + match.group(1)),
                  literal)


def literals_of(source):
    """(statement, text) for each literal; a statement is what lies between ';', '{' and '}'."""
    statement, texts, joined = "", [], None
    for token in TOKEN.finditer(source):
        kind = token.lastgroup
        if kind in ("mark", "rawtext"):
            kind = "raw"
        if kind in ("comment", "space", "directive"):
            continue
        if kind in ("text", "raw"):
            text = token.group("rawtext") if kind == "raw" else unescaped(token.group()[1:-1])
            joined = text if joined is None else joined + text
            continue
        if joined is not None:
            texts.append(joined)
            joined = None
        if kind == "end":
            yield from ((statement, text) for text in texts)
            statement, texts = "", []
        else:
            statement += token.group()


def is_message(room, statement, text):
    if not WORDS.search(text) or not re.search(r"[a-z]{2}", re.sub(r"\{[^{}]*\}", "", text)):
        return False
    if "CFY_ASSERT" in statement:
        return False
    return not (room.startswith("apps/") and re.search(r"\badd(_\w+)?\(", statement))


def messages_of(room):
    """text -> the file that holds it first."""
    found = {}
    for name in sorted(os.listdir(os.path.join(ROOT, room))):
        if name.endswith((".cpp", ".hpp")):
            with open(os.path.join(ROOT, room, name)) as file:
                for statement, text in literals_of(file.read()):
                    if is_message(room, statement, text):
                        found.setdefault(text, f"{room}/{name}")
    return found


def pattern_of(text):
    """The text as a regular expression; '{}' and '{:02x}' stand for anything on one line."""
    parts = re.split(r"\{(?:\d*(?::[^{}]*)?)\}", text.strip("\n"))
    while parts and not parts[0]:  # a wildcard at an end matches everywhere, but takes long
        parts.pop(0)
    while parts and not parts[-1]:
        parts.pop()
    return re.compile(".*?".join(re.escape(part.replace("{{", "{").replace("}}", "}"))
                                 for part in parts))


def read_expected():
    texts = []
    for folder, _, names in os.walk(HERE):
        if "expected" in names:
            with open(os.path.join(folder, "expected")) as file:
                texts.append(file.read())
    return "\n".join(texts)


def read_unseen():
    """text -> reason: paragraphs of a reason in '#' lines and the messages it holds for."""
    unseen, reason, is_open = {}, "", False
    with open(os.path.join(HERE, "unseen.txt")) as file:
        for line in file.read().splitlines():
            if line.startswith("#"):
                reason = reason + " " + line[1:].strip() if is_open else line[1:].strip()
                is_open = True
            elif line.strip():
                is_open = False
                unseen[unescaped(line)] = reason
    return unseen


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--list", action="store_true", help="print all messages, seen or not")
    parser.add_argument("rooms", nargs="*", metavar="ROOM")
    options = parser.parse_args()
    expected, unseen = read_expected(), read_unseen()
    failures, known = 0, set()
    for room in options.rooms or STRICT + REPORTED:
        messages = messages_of(room)
        known.update(messages)
        count = 0
        for text, place in messages.items():
            is_seen = pattern_of(text).search(expected) is not None
            if options.list:
                print(f"{'seen  ' if is_seen else 'unseen'}  {place}: {text!r}")
            if is_seen and text in unseen:
                print(f"{place}: is seen, so it must leave unseen.txt: {text!r}")
                failures += 1
            elif not is_seen and text not in unseen:
                print(f"{place}: no golden case shows {text!r}")
                count += 1
        if room in STRICT:
            failures += count
        print(f"{room}: {len(messages)} messages, {count} neither seen nor excused")
    if not options.rooms:
        for text in unseen:
            if text not in known:
                print(f"unseen.txt: no source holds {text!r}")
                failures += 1
    if failures:
        print(f"{failures} failures; add a case to test/golden, or a reason to unseen.txt")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
