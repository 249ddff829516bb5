"""What one change is, read from the library's file that holds all of them: each function once as it is, once for every change."""

import ast
from difflib import SequenceMatcher
from typing import NamedTuple

_AS_IT_IS = "__mutmut_orig"
_CHANGED = "__mutmut_"


class Change(NamedTuple):
    """Lines of `function` as they are and as they become, in one canonical layout; `words_only`: the same but for
    texts that only people read."""

    function: str
    was: str
    now: str
    words_only: bool


def changes(code: str) -> dict[str, Change]:
    """By the names that the library gives them."""
    functions = {node.name: node for node in _functions(ast.parse(code).body)}
    as_it_is: dict[str, _Read] = {}
    found = {}
    for name, node in functions.items():
        mangled, sep, number = name.partition(_CHANGED)
        if sep and number.isdigit():
            if mangled not in as_it_is:
                as_it_is[mangled] = _read(functions[mangled + _AS_IT_IS])
            found[name] = _change(mangled, as_it_is[mangled], _read(node))
    return found


def _functions(body: list[ast.stmt]) -> list[ast.FunctionDef]:
    found = []
    for node in body:
        if isinstance(node, ast.FunctionDef):
            found.append(node)
        elif isinstance(node, ast.ClassDef):
            found += _functions(node.body)
    return found


class _Read(NamedTuple):
    """A function's lines, and what it is without its words."""

    lines: list[str]
    wordless: str


def _read(function: ast.FunctionDef) -> _Read:
    function.name = "f"
    lines = ast.unparse(function).splitlines()
    return _Read(lines, ast.dump(_Wordless().visit(function)))


def _change(mangled: str, before: _Read, after: _Read) -> Change:
    """Texts that only people read are the template of `say(…)` and what an exception is raised with; a value that stands in one is
    no part of it.
    """
    blocks = [code for code in SequenceMatcher(None, before.lines, after.lines, False).get_opcodes() if code[0] != "equal"]
    was = [line.strip() for _, begin, end, _, _ in blocks for line in before.lines[begin:end]]
    now = [line.strip() for _, _, _, begin, end in blocks for line in after.lines[begin:end]]
    named = mangled.removeprefix("x_").removeprefix("xǁ").replace("ǁ", ".")
    return Change(named, " / ".join(was), " / ".join(now), before.wordless == after.wordless)


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
