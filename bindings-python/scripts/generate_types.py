#!/usr/bin/env python3
"""Makes the types of plans from core/plan.schema.json: keenpix/plan.py and keenpix/__init__.pyi.

usage: generate_types.py [--check]

With --check nothing is written; the exit code says whether the committed files are up to date.
"""

import json
import pathlib
import re
import sys
import textwrap

HERE = pathlib.Path(__file__).resolve().parent
PACKAGE = HERE.parent / "python" / "keenpix"
SCHEMA = HERE.parents[1] / "core" / "plan.schema.json"
WIDTH = 120
COMMAND = "python bindings-python/scripts/generate_types.py"
# A plan in Python may contain bytes, which JSON can't.
BASE64 = "Union[str, bytes, bytearray, memoryview]"


def main():
    schema = json.loads(SCHEMA.read_text())
    files = {PACKAGE / "plan.py": plan_module(schema), PACKAGE / "__init__.pyi": package_stub(schema)}
    stale = [path for path, text in files.items() if not path.exists() or path.read_text() != text]
    if "--check" in sys.argv[1:]:
        for path in stale:
            print(f"{path.relative_to(HERE.parent)} is out of date; update it with: {COMMAND}", file=sys.stderr)
        return 1 if stale else 0
    for path in stale:
        path.write_text(files[path])
    return 0


def plan_module(schema):
    module = Module(schema["$defs"])
    module.typed_dict("Plan", schema)
    names = sorted(module.done)
    head = f'''"""The types of plans: what :func:`keenpix.transform` takes, as dicts.

Generated from the core's schema; update it with: {COMMAND}
"""

from __future__ import annotations

from typing import Literal, Optional, TypedDict, Union

__all__ = [
{"".join(f'    "{name}",{chr(10)}' for name in names)}]
'''
    return "\n\n".join([head.rstrip() + "\n", *module.blocks]).rstrip() + "\n"


class Module:
    """The definitions of a module, each after those it refers to."""

    def __init__(self, definitions):
        self.definitions, self.blocks, self.done = definitions, [], set()

    def define(self, name):
        if name in self.done:
            return
        schema = self.definitions[name]
        if "properties" in schema:
            self.typed_dict(name, schema)
            return
        self.done.add(name)
        kind = self.kind(name, schema)
        comment = comments(first_words(schema)) + variants(schema)
        if schema.get("contentEncoding") == "base64":
            comment = comments("Bytes; or base64, as JSON has it.")
        self.blocks.append(f"{comment}{assignment(name, kind)}\n")

    def typed_dict(self, name, schema):
        self.done.add(name)
        required = schema.get("required", [])
        fields = {key: (self.kind(name + pascal(key), each), each) for key, each in schema["properties"].items()}
        must = {key: field for key, field in fields.items() if key in required}
        may = {key: field for key, field in fields.items() if key not in required}
        doc = docstring(first_words(schema), 4)
        if must and may:
            head = f"class _{name}Required(TypedDict):\n" + members(must)
            self.blocks.append(head + f"\n\nclass {name}(_{name}Required, total=False):\n{doc}\n" + members(may))
        else:
            total = ", total=False" if may or not fields else ""
            self.blocks.append(f"class {name}(TypedDict{total}):\n{doc}\n" + members(fields))

    def kind(self, name, schema):
        """A schema as a type; a type without a name is defined as `name`."""
        if "$ref" in schema:
            referred = schema["$ref"].rsplit("/", 1)[1]
            self.define(referred)
            return referred
        for key in ("oneOf", "anyOf"):
            if key in schema:
                return self.union(name, schema[key])
        if "const" in schema:
            return f"Literal[{quoted(schema['const'])}]"
        if "enum" in schema:
            return f"Literal[{', '.join(map(quoted, schema['enum']))}]"
        kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        plain = [self.plain(name, kind, schema) for kind in kinds if kind != "null"]
        return optional(plain[0]) if "null" in kinds else plain[0]

    def union(self, name, options):
        some = [option for option in options if option.get("type") != "null"]
        if all("const" in option for option in some):
            kind = f"Literal[{', '.join(quoted(option['const']) for option in some)}]"
        else:
            kinds = [self.kind(name + variant_name(option) if len(some) > 1 else name, option) for option in some]
            kind = kinds[0] if len(kinds) == 1 else f"Union[{', '.join(kinds)}]"
        return optional(kind) if len(some) < len(options) else kind

    def plain(self, name, kind, schema):
        if schema.get("contentEncoding") == "base64":
            return BASE64
        if kind == "object":
            self.typed_dict(name, schema)
            return name
        if kind == "array":
            return f"list[{self.kind(name + 'Item', schema['items'])}]"
        return {"integer": "int", "number": "float", "string": "str", "boolean": "bool"}[kind]


def variant_name(option):
    """What identifies a variant of a union: its tag, or its only key."""
    if "$ref" in option or "properties" not in option:
        return ""
    tags = [each["const"] for each in option["properties"].values() if "const" in each]
    if tags:
        return pascal(tags[0])
    keys = list(option["properties"])
    return pascal(keys[0]) if len(keys) == 1 else "Object"


def members(fields):
    lines = []
    for key, (kind, schema) in fields.items():
        lines.append(f"    {key}: {kind}\n")
        text = first_words(schema)
        if text:
            lines.append(docstring(text, 4))
    return "".join(lines) or "    pass\n"


def variants(schema):
    """Comments that explain the values of an enumeration."""
    lines = []
    for option in schema.get("oneOf", []):
        if "const" in option:
            lines.append(comments(f"{quoted(option['const'])}: {first_words(option)}"))
    return "".join(lines)


def assignment(name, kind):
    line = f"{name} = {kind}"
    if len(line) <= WIDTH:
        return line
    head, inner = kind.split("[", 1)
    items = re.split(r", (?![^\[]*\])", inner[:-1])
    return f"{name} = {head}[\n" + "".join(f"    {item},\n" for item in items) + "]"


def first_words(schema):
    """A description up to its first blank line: no Rust examples."""
    text = schema.get("description", "").split("\n\n")[0]
    text = re.sub(r"\[`([^`]+)`\](\([^)]*\))?", r"`\1`", text)
    return " ".join(text.split())


def docstring(text, indent):
    text = text.replace("\\", "\\\\")
    pad = " " * indent
    if len(text) + indent + 6 <= WIDTH - 4:
        return f'{pad}"""{text}"""\n'
    lines = textwrap.wrap(text, WIDTH - indent - 7)
    return f'{pad}"""' + f"\n{pad}".join(lines) + (f'\n{pad}"""\n' if len(lines) > 1 else '"""\n')


def comments(text):
    return "".join(f"# {line}\n" for line in textwrap.wrap(text, WIDTH - 2))


def optional(kind):
    return f"Optional[{kind}]"


def quoted(value):
    return json.dumps(value, ensure_ascii=False)


def pascal(key):
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]", key))


def package_stub(schema):
    """The template, with a line for every part of a plan wherever the parts are keywords."""
    module = Module(schema["$defs"])
    parts, docs, names = [], [], set()
    for key, each in schema["properties"].items():
        kind = module.kind("Plan" + pascal(key), each)
        names |= set(re.findall(r"\b[A-Z]\w+", kind)) - {"Optional", "Union"}
        default = "None" if kind.startswith("Optional") else "..."
        parts.append(f"    {key}: {kind} = {default},")
        docs.append(
            textwrap.fill(f"{key}: {first_words(each)}", WIDTH, initial_indent=" " * 8, subsequent_indent=" " * 12)
        )
    imports = sorted(names | {"Plan"})
    text = (HERE / "init.pyi.in").read_text()
    text = text.replace("    @PARTS@", "\n".join(parts)).replace("        @DOCS@", "\n".join(docs))
    lines = "(\n" + "".join(f"    {name},\n" for name in imports) + ")"
    return text.replace("@IMPORTS@", lines).replace("@COMMAND@", COMMAND)


if __name__ == "__main__":
    sys.exit(main())
