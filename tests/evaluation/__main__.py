"""python -m tests.evaluation [--misses]: print how well texts are understood."""

import sys

from tests.evaluation.texts import measure, misses, read_texts, report

if __name__ == "__main__":
    sys.stdout.write(report(measure(read_texts())))
    if "--misses" in sys.argv:
        sys.stdout.write(misses(read_texts()))
