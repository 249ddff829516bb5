"""How easily a password is guessed: by an estimator that knows words, names, keyboards and dates, with the ward's own words.

It is loaded when a password is set, never at the start. Why this one: docs/adr/0017-passwords.md.
"""

import re
from collections.abc import Callable
from typing import Any

from app.domain.people.new_secrets import new_password, too_easy

#: Guesses, as a power of ten, that a password is worth at least: each costs an Argon2id.
LEAST_GUESSES_LOG10 = 8.0
#: The estimator takes no more letters at once; a longer password is no weaker.
_MOST_LETTERS = 72
#: Words of a ward in China that the estimator's lists, made from English and leaked passwords, do not know or rank too high.
_WARD = (
    "bedside", "hospital", "nurse", "doctor", "ward", "infusion", "stem", "cell", "yiyuan", "hushi", "yisheng", "bingfang", "mima",
    "woaini", "woaiwo", "wode", "nihao", "zhongguo", "tianjin", "beijing", "shanghai", "guangzhou", "chongqing", "wuhan",
    "520", "1314", "5201314", "1314520", "888", "666",
    "密码", "医院", "护士", "医生", "病房", "天津", "北京", "上海", "中国", "我爱你",
)  # fmt: skip


def strong_password(password: str, again: str, person_id: str, name: str) -> str:
    """Raises `Refused` for one that is easily guessed by whoever knows the person and the ward."""
    new_password(password, again, person_id)
    if guesses_log10(password, (person_id, name, *re.split(r"\W+", name))) < LEAST_GUESSES_LOG10:
        raise too_easy()
    return password


def guesses_log10(password: str, known: tuple[str, ...] = ()) -> float:
    """As a power of ten. `known`: what a guesser would try first."""
    from zxcvbn import zxcvbn

    estimated: Callable[..., dict[str, Any]] = zxcvbn  # it has no types of its own
    words = [word.casefold() for word in (*known, *_WARD) if word]
    return float(estimated(password[:_MOST_LETTERS], user_inputs=words)["guesses_log10"])
