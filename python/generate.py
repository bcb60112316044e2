#!/usr/bin/env python3
"""Writes python/hedon/_api.py, the library's interface for ctypes, from include/hedon.

  generate.py [--check] [--cc CC]

The C preprocessor (cc -E) expands the headers, so that lists made by macros are read as well. With
--check nothing is written: a difference between the headers and the committed file is printed, and
fails.
"""
from __future__ import annotations

import argparse
import difflib
import os
import re
import subprocess
import sys
from typing import NamedTuple

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
API = os.path.join(HERE, "hedon", "_api.py")

# C scalar: ctypes type, type in annotations.
SCALARS = {
    "_Bool": ("c_bool", "bool"),
    "int": ("c_int", "int"),
    "unsigned": ("c_uint", "int"),
    "uint8_t": ("c_uint8", "int"),
    "int32_t": ("c_int32", "int"),
    "uint32_t": ("c_uint32", "int"),
    "int64_t": ("c_int64", "int"),
    "uint64_t": ("c_uint64", "int"),
    "size_t": ("c_size_t", "int"),
    "float": ("c_float", "float"),
    "double": ("c_double", "float"),
}

TOKEN = re.compile(r'[A-Za-z_]\w*|0[xX][0-9a-fA-F]+|\d+|"(?:\\.|[^"\\])*"|\.\.\.|[^\s\w]')


class Type(NamedTuple):
    """A C type: a name, pointers to it, and array sizes."""

    base: str
    pointers: int = 0
    sizes: tuple[int, ...] = ()
    function: "Function | None" = None


class Function(NamedTuple):
    result: Type
    arguments: tuple[tuple[str, Type], ...]


Member = tuple[str, Type]


class Interface:
    """What the headers declare, in their order."""

    def __init__(self) -> None:
        self.constants: dict[str, int] = {}
        self.enums: set[str] = set()
        self.structs: dict[str, list[Member]] = {}
        self.callbacks: dict[str, Function] = {}
        self.functions: dict[str, Function] = {}


class Parser:
    """Reads the declarations of C that the headers use, and fails at any other."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.at = 0
        self.api = Interface()

    def peek(self, ahead: int = 0) -> str:
        return self.tokens[self.at + ahead] if self.at + ahead < len(self.tokens) else ""

    def next(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1]

    def accept(self, token: str) -> bool:
        if self.peek() == token:
            self.at += 1
            return True
        return False

    def expect(self, token: str) -> None:
        if not self.accept(token):
            context = " ".join(self.tokens[max(0, self.at - 12) : self.at + 6])
            sys.exit(f"generate.py: expected {token} before {self.peek()} in: {context}")

    def parse(self) -> Interface:
        while self.at < len(self.tokens):
            self.declaration()
        return self.api

    def inline(self) -> None:
        """Passes over a function that only programs in C can call."""
        while self.peek() not in ("{", ""):
            self.next()
        self.expect("{")
        depth = 1
        while depth > 0 and self.peek():
            depth += {"{": 1, "}": -1}.get(self.next(), 0)

    def declaration(self) -> None:
        if self.accept("static"):
            self.inline()
            return
        is_typedef = self.accept("typedef")
        is_extern = self.accept("extern")
        base = self.base_type("")
        if self.accept(";"):
            return
        name, type_ = self.declarator(base)
        self.expect(";")
        if is_extern:
            return
        if is_typedef and type_.function is not None and type_.pointers == 1:
            self.api.callbacks[name] = type_.function
        elif not is_typedef and type_.function is not None:
            self.api.functions[name] = type_.function

    def base_type(self, owner: str) -> str:
        """A type's name; a struct or an enum that is defined here is added to the interface."""
        while self.accept("const"):
            pass
        kind = self.next()
        if kind not in ("struct", "enum"):
            while self.accept("const"):
                pass
            return kind
        name = self.next() if self.peek() != "{" else owner
        if self.accept("{"):
            self.enum(name) if kind == "enum" else self.struct(name)
        return name

    def enum(self, name: str) -> None:
        if name:
            self.api.enums.add(name)
        value = 0
        while not self.accept("}"):
            key = self.next()
            if self.accept("="):
                sign = -1 if self.accept("-") else 1
                value = sign * int(self.next(), 0)
            self.api.constants[key] = value
            value += 1
            self.accept(",")

    def struct(self, name: str) -> None:
        members: list[Member] = []
        while not self.accept("}"):
            start = self.at
            base = self.base_type("?")
            if base == "?":  # an unnamed struct is called after its member
                end = self.at
                member, type_ = self.declarator("?")
                self.at = start
                self.base_type(f"{name}_{member}")
                self.at = end
                base = f"{name}_{member}"
                self.api.structs.pop("?")
            while True:
                members.append(self.declarator(base))
                if not self.accept(","):
                    break
            self.expect(";")
        self.api.structs[name] = members

    def declarator(self, base: str) -> Member:
        pointers = 0
        while self.accept("*"):
            pointers += 1
            while self.accept("const"):
                pass
        if self.accept("("):
            self.expect("*")
            name = self.next()
            self.expect(")")
            return name, Type("", 1, (), Function(Type(base, pointers), self.arguments()))
        name = self.next() if self.peek() not in (",", ")", "[") else ""
        if self.peek() == "(":
            return name, Type("", 0, (), Function(Type(base, pointers), self.arguments()))
        sizes: list[int] = []
        while self.accept("["):
            size = self.next() if self.peek() != "]" else "0"
            sizes.append(int(size, 0) if size.isdigit() else self.api.constants[size])
            self.expect("]")
        return name, Type(base, pointers, tuple(sizes))

    def arguments(self) -> tuple[Member, ...]:
        self.expect("(")
        found: list[Member] = []
        if self.peek() == "void" and self.peek(1) == ")":
            self.next()
        while not self.accept(")"):
            base = self.base_type("")
            name, type_ = self.declarator(base)
            if type_.sizes:  # an array as an argument is a pointer
                type_ = Type(type_.base, type_.pointers + 1)
            found.append((name, type_))
            self.accept(",")
        return tuple(found)


class Writer:
    """Says the interface in ctypes."""

    def __init__(self, api: Interface, macros: dict[str, str]) -> None:
        self.api = api
        self.macros = macros

    def ctype(self, type_: Type, is_member: bool = False) -> str:
        """Pointers are c_void_p, which takes arrays, byref() and addresses, and is quickest; results
        and members that point to known structs may be followed."""
        if type_.base in self.api.callbacks and type_.pointers == 0:
            text = type_.base
        elif type_.function is not None:
            sys.exit("generate.py: a function pointer without a name")
        elif type_.pointers == 0:
            text = self.value(type_.base)
        elif type_.base == "char" and type_.pointers == 1:
            text = "c_char_p"
        elif is_member and type_.pointers == 1 and type_.base in self.api.structs:
            text = f"POINTER({type_.base})"
        else:
            text = "c_void_p"
        for size in reversed(type_.sizes):
            text = f"{text} * {size}"
        return text

    def value(self, base: str) -> str:
        if base in SCALARS:
            return SCALARS[base][0]
        if base in self.api.enums:
            return "c_int"
        if base == "void":
            return "None"
        if base in self.api.structs:
            return base
        sys.exit(f"generate.py: unknown type {base}")

    def annotation(self, type_: Type, is_argument: bool = False) -> str:
        if type_.sizes or type_.function is not None or type_.base in self.api.callbacks:
            return "Any"
        if type_.base == "char" and type_.pointers == 1:
            return "bytes | None"
        if type_.pointers:
            return "Any"
        if type_.base in SCALARS:
            return SCALARS[type_.base][1]
        return {"void": "None"}.get(type_.base, "int" if type_.base in self.api.enums else type_.base)

    def callback(self, name: str, function: Function) -> str:
        types = [self.ctype(function.result)] + [self.ctype(t) for _, t in function.arguments]
        # A callback gets strings as addresses, so that nothing is copied before it asks.
        types = ["c_void_p" if t == "c_char_p" else t for t in types]
        if name.endswith("_fn"):
            types = [t if a.base != "char" else "c_char_p" for t, a in
                     zip(types, [function.result] + [t for _, t in function.arguments])]
        return f"{name} = CFUNCTYPE({', '.join(types)})"

    def struct_lines(self, name: str, members: list[Member]) -> list[str]:
        lines: list[str] = []
        fields: list[tuple[str, str]] = []
        for member, type_ in members:
            if type_.function is not None:
                made = f"{name}_{member}"
                lines.append(self.callback(made, type_.function))
                fields.append((member, made))
            else:
                fields.append((member, self.ctype(type_, is_member=True)))
        lines += [f"{name}._fields_ = ["]
        lines += [f'    ("{member}", {text}),' for member, text in fields]
        return lines + ["]", ""]

    def text(self) -> str:
        out = [
            '"""The interface of libhedon for ctypes: constants, structs and functions.',
            "",
            "Written by python/generate.py from include/hedon; not to be edited.",
            '"""',
            "from __future__ import annotations",
            "",
            "from ctypes import (",
            "    CDLL, CFUNCTYPE, POINTER, Structure, c_bool, c_char_p, c_double, c_float, c_int, c_int64,",
            "    c_size_t, c_uint, c_uint32, c_uint64, c_void_p,",
            ")",
            "from typing import TYPE_CHECKING, Any, Final",
            "",
            "if TYPE_CHECKING:",
            "    from collections.abc import Callable",
            "",
        ]
        out += [f"{name}: Final = {value}" for name, value in self.macros.items()]
        out += [f"{name}: Final = {value}" for name, value in self.api.constants.items()]
        out += ["", ""]
        for name, members in self.api.structs.items():
            out += [f"class {name}(Structure):"]
            out += [f"    {m}: {self.annotation(t)}" for m, t in members]
            out += ["", ""]
        out += [self.callback(name, f) for name, f in self.api.callbacks.items()]
        out += [""]
        for name, members in self.api.structs.items():
            out += self.struct_lines(name, members)
        out += ["# By name: every struct, whose size the library tells as well.",
                "STRUCTS: Final[dict[str, type[Structure]]] = {"]
        out += [f'    "{name}": {name},' for name in self.api.structs if not self.is_unnamed(name)]
        out += ["}", "", "# Result and arguments of every function.",
                "PROTOTYPES: Final[dict[str, tuple[Any, tuple[Any, ...]]]] = {"]
        for name, f in self.api.functions.items():
            arguments = "".join(self.ctype(t) + ", " for _, t in f.arguments).rstrip()
            out += [f'    "{name}": ({self.ctype(f.result, is_member=True)}, ({arguments})),']
        out += ["}", "", "", "class Functions:", '    """The functions of a loaded library."""', ""]
        for name, f in self.api.functions.items():
            arguments = ", ".join(self.annotation(t) for _, t in f.arguments)
            out += [f"    {name}: Callable[[{arguments}], {self.annotation(f.result)}]"]
        out += [
            "",
            "    def __init__(self, library: CDLL) -> None:",
            "        for name, (result, arguments) in PROTOTYPES.items():",
            "            function = getattr(library, name)",
            "            function.restype = result",
            "            function.argtypes = arguments",
            "            setattr(self, name, function)",
        ]
        return "\n".join(out) + "\n"

    def is_unnamed(self, name: str) -> bool:
        return any(name == f"{owner}_{m}" for owner, members in self.api.structs.items()
                   for m, t in members if t.base == name)


def preprocessed(cc: str) -> str:
    """The declarations of include/hedon, without those of the system's headers."""
    source = os.path.join(ROOT, "include", "hedon", "hedon.h")
    ran = subprocess.run([*cc.split(), "-E", "-I", os.path.join(ROOT, "include"), source],
                         capture_output=True, text=True, check=True)
    kept: list[str] = []
    is_ours = False
    for line in ran.stdout.splitlines():
        marker = re.match(r'# \d+ "([^"]*)"', line)
        if marker:
            is_ours = os.path.join("include", "hedon") in marker.group(1)
        elif is_ours and not line.startswith("#"):
            kept.append(line)
    return re.sub(r"__attribute__\s*\(\((?:[^()]|\([^()]*\))*\)\)", "", "\n".join(kept))


def macros() -> dict[str, str]:
    """Constants that are macros."""
    found: dict[str, str] = {}
    for header, name in (("base.h", "HD_VERSION_STRING"), ("plugin.h", "HD_PLUGIN_ABI")):
        with open(os.path.join(ROOT, "include", "hedon", header), encoding="utf-8") as f:
            match = re.search(rf"^#define {name} (.*)$", f.read(), re.M)
        if match is None:
            sys.exit(f"generate.py: {header} does not define {name}")
        found[name] = match.group(1)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description="Write python/hedon/_api.py from include/hedon.")
    parser.add_argument("--check", action="store_true", help="compare, and write nothing")
    parser.add_argument("--cc", default=os.environ.get("CC", "cc"), help="the C compiler")
    arguments = parser.parse_args()
    made = Writer(Parser(TOKEN.findall(preprocessed(arguments.cc))).parse(), macros()).text()
    if not arguments.check:
        with open(API, "w", encoding="utf-8") as f:
            f.write(made)
        return
    with open(API, encoding="utf-8") as f:
        committed = f.read()
    if committed != made:
        sys.stdout.writelines(difflib.unified_diff(committed.splitlines(True), made.splitlines(True),
                                                   "committed", "the headers"))
        sys.exit("python/hedon/_api.py is not what the headers say; run python/generate.py")


if __name__ == "__main__":
    main()
