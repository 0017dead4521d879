"""Lines of several threads in one terminal."""

import io
import threading

from workbook.logs.printer import Printer


class Terminal(io.StringIO):
    """At the first of our words a process says something, too, in another thread."""

    def write(self, text):
        if text == "Stage 1 is ready":
            self.other = threading.Thread(target=self.printer, args=("web", "GET /"))
            self.other.start()
            self.other.join(0.2)  # long enough, were it let in
        return super().write(text)


def test_no_line_of_a_process_gets_in_between_our_words(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr("sys.stdout", terminal)
    terminal.printer = Printer(None)
    terminal.printer.tell("Stage 1 is ready", "Mail inbox")
    terminal.other.join(5)
    assert terminal.getvalue() == "Stage 1 is ready\nMail inbox\nweb        | GET /\n"
