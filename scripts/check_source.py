"""Hold what no linter holds: lengths, imports at the top, private queries, reasons for exceptions.

Walks `src`, `tests`, `bench` and `scripts`; prints every finding as `path:line: text` and exits
with 1 where there is one.
"""

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

FOLDERS = ("src", "tests", "bench", "scripts")
FILE_LINES = 400
FUNCTION_LINES = 50
# Each migration is one long list of steps, generated once and never changed afterwards.
GENERATED = "src/rostra/store/migrations/versions/"

# A comment that switches a check off; what follows it must contain a reason in words.
_EXCEPTION = re.compile(
    r"#\s*(noqa|type:\s*ignore|pragma:\s*no\s*(?:cover|branch))"
    r"\s*:?\s*((?:\[[\w\-, ]*\]|[A-Z]+[0-9]+|,|\s)*)(.*)$"
)
_REASON = re.compile(r"[A-Za-z]{2,}.*[A-Za-z]{2,}")
_QUERIES = re.compile(r"^rostra\.(network|safety)\.(\w+)\.queries(\.|$)")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def long_functions(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Functions longer than allowed, from their `def` to their last line."""
    for node in ast.walk(tree):
        if isinstance(node, Function) and node.end_lineno is not None:
            lines = node.end_lineno - node.lineno + 1
            if lines > FUNCTION_LINES:
                yield node.lineno, f"function {node.name} has {lines} lines, over {FUNCTION_LINES}"


def hidden_imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Imports inside functions: they hide a dependency from whoever reads the file's head."""
    for function in ast.walk(tree):
        if isinstance(function, Function):
            for node in ast.walk(function):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    yield node.lineno, f"import inside function {function.name}"


def foreign_queries(tree: ast.Module, path: Path) -> Iterator[tuple[int, str]]:
    """Imports of another slice's `queries`, which are private to it."""
    for line, name in _imports(tree):
        found = _QUERIES.match(name)
        if found and f"rostra/{found[1]}/{found[2]}/" not in path.as_posix():
            yield line, f"{name} is private to rostra.{found[1]}.{found[2]}"


def _imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def bare_exceptions(text: str) -> Iterator[tuple[int, str]]:
    """Comments that switch a check off and do not say why."""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            found = _EXCEPTION.search(token.string)
            if found and not _REASON.search(found[3]):
                yield token.start[0], f"'{found[1]}' without a reason beside it"


def findings(path: Path) -> Iterator[tuple[int, str]]:
    """All that is wrong with one file."""
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    yield from hidden_imports(tree)
    yield from foreign_queries(tree, path)
    yield from bare_exceptions(text)
    if not path.as_posix().startswith(GENERATED):
        yield from long_functions(tree)
        lines = text.count("\n")
        if lines > FILE_LINES:
            yield 1, f"file has {lines} lines, over {FILE_LINES}"


def main() -> int:
    """Check every file; the exit status."""
    paths = sorted(path for folder in FOLDERS for path in Path(folder).rglob("*.py"))
    found = 0
    for path in paths:
        for line, text in findings(path):
            sys.stdout.write(f"{path}:{line}: {text}\n")
            found += 1
    sys.stdout.write(f"{len(paths)} files, {found} findings\n")
    return 1 if found or not paths else 0


if __name__ == "__main__":
    sys.exit(main())
