"""A command that the Makefile does not have: say which one was meant.

python3 workbook/setup/meant.py stage1
"""

import difflib
import os
import re
import sys

MAKEFILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "Makefile")


def commands():
    """Return the Makefile's commands; `stage-%` stands for `stage-1`."""
    with open(MAKEFILE, encoding="utf-8") as file:
        return re.findall(r"^([a-z%-]+):.*## ", file.read(), re.M)


def meant(word):
    """Return the command that is nearest to `word`; None when none is near."""
    word = word.lower()
    parts = re.match(r"([a-z-]*?)[-_]?([\d-]*)$", word)
    name, number = parts.groups() if parts else (word, "")
    for command in commands():
        if command == name + "-%":
            number = number.strip("-") or ("1" if name == "stage" else "N")
            return f"{name}-{number}"
    near = difflib.get_close_matches(word, [c for c in commands() if "%" not in c], 1)
    return near[0] if near else None


def sentence(word):
    guess = meant(word)
    hint = f" Did you mean `make {guess}`?" if guess and guess != word else ""
    return f"There is no `make {word}`.{hint} `make` alone lists the commands."


if __name__ == "__main__":
    sys.exit(sentence(sys.argv[1]))
