"""`python -m tests.mutants [ROOM or FILE…]`: per file killed/total, then what survived and is on no list. Exit codes: 0, 1."""

import sys

from .judging import Judgement, listed
from .rooms import ROOMS, files
from .workplace import Workplace


def main(asked: list[str]) -> int:
    found = []
    for name, room in ROOMS.items():
        wanted = [file for file in files(room) if not asked or name in asked or file in asked]
        if wanted:
            of_room = Workplace(name, room, wanted).run()
            print(*Judgement(of_room, listed()).lines(), sep="\n", flush=True)
            found += of_room
    judged = Judgement(found, listed())
    print(f"{judged.killed} of {judged.total} killed; {len(judged.unknown)} survived that are not listed")
    return 0 if judged.holds else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
