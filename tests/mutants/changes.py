"""What one change is, read from the library's file that holds all of them: each function once as it is, once for every change."""

import ast
from copy import deepcopy
from difflib import SequenceMatcher
from typing import NamedTuple

_AS_IT_IS = "__mutmut_orig"
_CHANGED = "__mutmut_"


class Change(NamedTuple):
    """Lines of `function` as they are and as they become, in one canonical layout; `words_only`: see `only_words_differ`."""

    function: str
    was: str
    now: str
    words_only: bool


def changes(code: str) -> dict[str, Change]:
    """By the names that the library gives them."""
    functions = {node.name: node for node in _functions(ast.parse(code).body)}
    found = {}
    for name, changed in functions.items():
        mangled, sep, number = name.partition(_CHANGED)
        if sep and number.isdigit():
            found[name] = _change(functions[mangled + _AS_IT_IS], changed, mangled)
    return found


def _functions(body: list[ast.stmt]) -> list[ast.FunctionDef]:
    found = []
    for node in body:
        if isinstance(node, ast.FunctionDef):
            found.append(node)
        elif isinstance(node, ast.ClassDef):
            found += _functions(node.body)
    return found


def _change(function: ast.FunctionDef, changed: ast.FunctionDef, mangled: str) -> Change:
    changed.name = function.name
    before, after = (ast.unparse(node).splitlines() for node in (function, changed))
    blocks = [code for code in SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes() if code[0] != "equal"]
    was = [line.strip() for _, begin, end, _, _ in blocks for line in before[begin:end]]
    now = [line.strip() for _, _, _, begin, end in blocks for line in after[begin:end]]
    named = mangled.removeprefix("x_").removeprefix("xǁ").replace("ǁ", ".")
    return Change(named, " / ".join(was), " / ".join(now), only_words_differ(function, changed))


def only_words_differ(function: ast.FunctionDef, changed: ast.FunctionDef) -> bool:
    """Whether they are the same but for texts that only people read: the template of `say(…)` and what an exception is raised with.

    A value that stands in such a text is none of it.
    """
    return _without_words(function) == _without_words(changed)


def _without_words(function: ast.FunctionDef) -> str:
    return ast.dump(_Wordless().visit(deepcopy(function)))


class _Wordless(ast.NodeTransformer):
    def visit_Call(self, node: ast.Call) -> ast.Call:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id == "say":
            _blank(node.args[:1])
        return node

    def visit_Raise(self, node: ast.Raise) -> ast.Raise:
        self.generic_visit(node)
        if isinstance(node.exc, ast.Call):
            _blank(node.exc.args)
        return node


def _blank(arguments: list[ast.expr]) -> None:
    for argument in arguments:
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            argument.value = ""
