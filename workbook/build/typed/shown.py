"""What a page shows of a terminal: `...` in a line stands for a part of it, alone in a
line for any number of lines.
"""

import re


class Shown:
    def __init__(self, text: str):
        self.text = text.strip("\n")
        lines = []
        for line in self.text.splitlines():
            part = ".*?".join(re.escape(one) for one in line.rstrip().split("..."))
            lines.append(r"(?:.*\n)*?" if line.strip() == "..." else rf"{part}\n")
        self._pattern = "".join(lines)

    def is_all_of(self, said: str) -> bool:
        """Whether a command said this and no more; an error of curl is never meant."""
        failed = "curl: (" in said and "curl: (" not in self.text
        return not failed and bool(re.fullmatch(self._pattern, self._lines(said)))

    def begins(self, said: str) -> bool:
        return bool(re.match(self._pattern, self._lines(said)))

    def is_in(self, said: str) -> bool:
        return bool(re.search(f"^{self._pattern}", self._lines(said), re.M))

    @staticmethod
    def _lines(said: str) -> str:
        lines = [line.rstrip() for line in said.strip("\n").splitlines()]
        return "".join(f"{line}\n" for line in lines)
