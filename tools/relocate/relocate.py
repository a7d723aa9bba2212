"""Move and merge modules, and rename what stands at their top, by a mapping; imports, references and dotted names follow.

    python relocate.py MAPPING...      run in the root of the checkout

    plenara.a.b -> plenara.c.d          a module moves; several may move to one, and are merged there
    plenara.a.* -> plenara.c.*          all modules below a folder that are not named themselves
    plenara.a.b:name -> other           a top-level name is renamed
    local plenara.a.b:name -> other     a variable of the module's functions is renamed
    doc plenara.c.d Text.               the docstring of a merged module
    files old/path -> new/path          another file, or a folder with all its files
"""

import ast
import collections
import io
import pathlib
import re
import subprocess
import sys
import textwrap
import tokenize

ROOT = pathlib.Path.cwd()
PARTS = ("plenara", "tests", "tools", "benchmarks")
errors = []
notes = []


def module_of(path):
    parts = list(path.with_suffix("").parts)
    if parts[-1] == "__init__":
        parts.pop()
    return ".".join(parts)


tracked = [pathlib.Path(line) for line in subprocess.run(["git", "ls-files"], capture_output=True, text=True, check=True).stdout.split("\n") if line]
tracked = [p for p in tracked if p.is_file()]
python = [p for p in tracked if p.suffix == ".py" and p.parts[0] in PARTS]
index = {module_of(p): p for p in python}
is_package = {m for m, p in index.items() if p.name == "__init__.py"}
folders = {".".join(p.parent.parts[: i + 1]) for p in python for i in range(len(p.parent.parts))}

moves, docs, renames, local_renames, file_moves, order = {}, {}, {}, {}, [], []
wild, template_names = [], {}
for argument in sys.argv[1:]:
    for number, line in enumerate(pathlib.Path(argument).read_text().splitlines(), 1):
        line = line.split("   #")[0].strip() if not line.startswith("doc ") else line.strip()
        if not line or line.startswith("#"):
            continue
        where = f"{argument}:{number}"
        if line.startswith("doc "):
            _doc, module, text = line.split(None, 2)
            docs[module] = text
            continue
        if "->" not in line:
            errors.append(f"{where}: cannot read {line!r}")
            continue
        old, new = (side.strip() for side in line.split("->"))
        if old.startswith(("templates ", "static ")):
            name_old = old.split()[1].split("/templates/" if old.startswith("templates") else "/static/")[-1]
            name_new = new.split("/templates/" if old.startswith("templates") else "/static/")[-1]
            file_moves.append((old.split()[1], new))
            template_names[name_old] = name_new
        elif old.startswith("files "):
            file_moves.append((old.split()[1], new))
        elif old.startswith("local "):
            module, name = old.split()[1].split(":")
            local_renames[module, name] = new
        elif ":" in old:
            module, name = old.split(":")
            renames[module, name] = new.split(":")[-1]
        elif old.endswith(".*"):
            wild.append((old[:-2], new[:-2]))
        elif old not in index:
            errors.append(f"{where}: no module {old}")
        else:
            if old in moves and moves[old] != new:
                errors.append(f"{where}: {old} moves twice")
            moves[old] = new
for old, new in sorted(wild, key=lambda pair: -len(pair[0])):
    for module in index:
        if (module == old or module.startswith(old + ".")) and module not in moves:
            moves[module] = new + module[len(old):]
for module, name in renames:
    if module not in index:
        errors.append(f"rename in unknown module {module}:{name}")
if errors:
    sys.exit("\n".join(errors))


def new_module(module):
    return moves.get(module, module)


groups = collections.defaultdict(list)
for module in index:
    groups[new_module(module)].append(module)


class Scope:
    def __init__(self, kind, parent, node):
        self.kind, self.parent, self.node = kind, parent, node
        self.bindings = collections.defaultdict(list)
        self.globals = set()
        self.parameters = set()

    def lookup(self, name):
        scope, first = self, True
        while scope is not None:
            if name in scope.globals:
                while scope.parent:
                    scope = scope.parent
                return scope if name in scope.bindings else None
            if name in scope.bindings and (first or scope.kind != "class"):
                return scope
            first = False
            scope = scope.parent
        return None


class Analyser(ast.NodeVisitor):
    """Scopes, what binds a name in each, and each use of a name."""

    def __init__(self, tree):
        self.module = self.scope = Scope("module", None, tree)
        self.uses = []  # scope, name, node (with its position), parent attribute or None
        self.imports = []  # scope, node, alias
        self.attribute_of = {}
        self.strings = []  # call, module name, string
        self.type_checking = set()
        self.global_statements = []
        self.signature = None
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                self.attribute_of[id(node.value)] = node
        for node in tree.body:
            if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
                self.type_checking.update(id(each) for each in ast.walk(node))
        for statement in tree.body:
            self.visit(statement)

    def bind(self, name, origin, scope=None):
        (scope or self.scope).bindings[name].append(origin)

    def visit_Import(self, node):
        for alias in node.names:
            self.bind(alias.asname or alias.name.split(".")[0], ("import", alias.name, node))
            self.imports.append((self.scope, node, alias))

    def visit_ImportFrom(self, node):
        for alias in node.names:
            self.bind(alias.asname or alias.name, ("import", f"{node.module}.{alias.name}", node))
            self.imports.append((self.scope, node, alias))

    def visit_Name(self, node):
        if isinstance(node.ctx, ast.Load):
            scope = self.scope
            if scope.kind == "class" and self.signature is not None:
                # A method's annotation is read before the method, and those below it, are names of the class.
                if all(origin[1] is self.signature for origin in scope.bindings.get(node.id, ())):
                    scope = scope.parent
            self.uses.append((scope, node.id, node))
        else:
            scope = self.scope
            self.bind(node.id, ("variable", node), scope)
            self.uses.append((scope, node.id, node))

    def visit_NamedExpr(self, node):
        self.visit(node.value)
        scope = self.scope
        while scope.kind == "comprehension":
            scope = scope.parent
        self.bind(node.target.id, ("variable", node.target), scope)
        self.uses.append((scope, node.target.id, node.target))

    def visit_Global(self, node):
        self.scope.globals.update(node.names)
        self.global_statements.append(node)

    def visit_Nonlocal(self, node):
        pass

    def annotation(self, node):
        if node is None:
            return
        for each in ast.walk(node):
            if isinstance(each, ast.Constant) and isinstance(each.value, str) and each.lineno == each.end_lineno:
                try:
                    inner = ast.parse(each.value, mode="eval")
                except SyntaxError:
                    continue
                for name in ast.walk(inner):
                    if hasattr(name, "lineno"):
                        name.lineno = name.end_lineno = each.lineno
                        name.col_offset += each.col_offset + 1
                        name.end_col_offset += each.col_offset + 1
                for name in ast.walk(inner):
                    if isinstance(name, ast.Attribute) and isinstance(name.value, ast.Name):
                        self.attribute_of[id(name.value)] = name
                self.visit(inner.body)
        self.visit(node)

    def visit_AnnAssign(self, node):
        self.annotation(node.annotation)
        self.visit(node.target)
        if node.value:
            self.visit(node.value)

    def function(self, node):
        for each in node.decorator_list:
            self.visit(each)
        self.bind(node.name, ("definition", node))
        arguments = node.args
        for default in [*arguments.defaults, *(d for d in arguments.kw_defaults if d)]:
            self.visit(default)
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *(a for a in (arguments.vararg, arguments.kwarg) if a)]
        outer = self.scope
        before, self.signature = self.signature, node
        for each in every:
            self.annotation(each.annotation)
        self.annotation(node.returns)
        self.signature = before
        self.scope = Scope("function", outer, node)
        for each in getattr(node, "type_params", []):
            self.bind(each.name, ("variable", each))
        for each in every:
            self.bind(each.arg, ("parameter", each))
            self.scope.parameters.add(each.arg)
        for each in node.body:
            self.visit(each)
        self.scope = outer

    visit_FunctionDef = visit_AsyncFunctionDef = function

    def visit_Lambda(self, node):
        arguments = node.args
        for default in [*arguments.defaults, *(d for d in arguments.kw_defaults if d)]:
            self.visit(default)
        outer = self.scope
        self.scope = Scope("function", outer, node)
        for each in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *(a for a in (arguments.vararg, arguments.kwarg) if a)]:
            self.bind(each.arg, ("parameter", each))
            self.scope.parameters.add(each.arg)
        self.visit(node.body)
        self.scope = outer

    def visit_ClassDef(self, node):
        for each in [*node.decorator_list, *node.bases]:
            self.visit(each)
        for each in node.keywords:
            self.visit(each.value)
        self.bind(node.name, ("definition", node))
        outer = self.scope
        self.scope = Scope("class", outer, node)
        for each in getattr(node, "type_params", []):
            self.bind(each.name, ("variable", each))
        for each in node.body:
            self.visit(each)
        self.scope = outer

    def comprehension(self, node):
        self.visit(node.generators[0].iter)
        outer = self.scope
        self.scope = Scope("comprehension", outer, node)
        for number, each in enumerate(node.generators):
            self.visit(each.target)
            if number:
                self.visit(each.iter)
            for condition in each.ifs:
                self.visit(condition)
        if isinstance(node, ast.DictComp):
            self.visit(node.key)
            self.visit(node.value)
        else:
            self.visit(node.elt)
        self.scope = outer

    visit_ListComp = visit_SetComp = visit_GeneratorExp = visit_DictComp = comprehension

    def visit_ExceptHandler(self, node):
        if node.type:
            self.visit(node.type)
        if node.name:
            self.bind(node.name, ("exception", node))
        for each in node.body:
            self.visit(each)

    def visit_MatchAs(self, node):
        if node.pattern:
            self.visit(node.pattern)
        if node.name:
            self.bind(node.name, ("variable", node))

    def visit_MatchStar(self, node):
        if node.name:
            self.bind(node.name, ("variable", node))

    def visit_MatchMapping(self, node):
        self.generic_visit(node)
        if node.rest:
            self.bind(node.rest, ("variable", node))

    def visit_TypeAlias(self, node):
        self.bind(node.name.id, ("definition", node))
        self.visit(node.value)


class Source:
    def __init__(self, path):
        self.path = path
        self.module = module_of(path)
        self.text = path.read_text()
        self.tree = ast.parse(self.text)
        self.lines = self.text.splitlines(keepends=True)
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line))
        self.found = Analyser(self.tree)
        self.edits = []

    def offset(self, line, column):
        raw = self.lines[line - 1].encode()[:column].decode()
        return self.starts[line - 1] + len(raw)

    def span(self, node):
        return self.offset(node.lineno, node.col_offset), self.offset(node.end_lineno, node.end_col_offset)

    def edit(self, start, end, text):
        self.edits.append((start, end, text))

    def result(self):
        text, last = [], len(self.text)
        out = self.text
        seen = set()
        for start, end, new in sorted(set(self.edits), key=lambda e: (-e[0], -e[1])):
            if (start, end) in seen:
                errors.append(f"{self.path}: two edits at {self.text[start:end]!r}")
            seen.add((start, end))
            if end > last:
                errors.append(f"{self.path}: edits overlap at {self.text[start:end]!r}")
                continue
            out = out[:start] + new + out[end:]
            last = start
        return out


sources = {}
sources.update({module_of(p): Source(p) for p in python})


def target(node_module, name):
    """What `from node_module import name` brings: ("module", old) or ("symbol", old module, name)."""
    full = f"{node_module}.{name}"
    hidden = node_module in is_package and any(
        origin[0] != "import" or (origin[1] != full and origin[1].rsplit(".", 1)[-1] == name and origin[1].rsplit(".", 1)[0] in index)
        for origin in sources[node_module].found.module.bindings.get(name, ())
    )
    if (full in index or full in folders) and not hidden:
        return ("module", full)
    return ("symbol", node_module, name)


def singular(package):
    return {"summaries": "summary", "accounts": "account", "contributions": "contribution", "consultations": "consultation", "events": "event",
            "documents": "document", "outcomes": "outcome", "themes": "theme", "bundles": "bundle", "exports": "export",
            "insights": "insight", "operations": "operation"}.get(package, package)


def exported_name(module, name):
    """The name after the renames, of what a module defines or hands on."""
    if (module, name) in renames or module not in sources:
        return renames.get((module, name), name)
    for origin in sources[module].found.module.bindings.get(name, ()):
        if origin[0] == "import" and isinstance(origin[2], ast.ImportFrom) and origin[1] != f"{module}.{name}":
            source_module, _dot, source_name = origin[1].rpartition(".")
            if source_name == name and target(source_module, source_name)[0] == "symbol":
                return exported_name(source_module, source_name)
    return name


touched_modules = {m for m in index if moves.get(m, m) != m} | {m for m, _name in renames}
merged_targets = {t for t, olds in groups.items() if len(olds) > 1}


def group_plan(new, olds):
    """The names at the top of the new module: definitions, and how each import is bound."""
    definitions = {}
    for old in olds:
        for name, origins in sources[old].found.module.bindings.items():
            if all(origin[0] == "import" for origin in origins):
                continue
            final = exported_name(old, name)
            definitions.setdefault(final, []).append((old, name))
    return definitions


def segment(source, node):
    start, end = source.span(node)
    if getattr(node, "decorator_list", None):
        start = source.span(node.decorator_list[0])[0] - 1
    return source.text[start:end]


def in_order(olds):
    """The modules to be merged, first what the others lean on."""
    depends = {old: set() for old in olds}
    for old in olds:
        for scope, node, alias in sources[old].found.imports:
            if isinstance(node, ast.ImportFrom) and scope.kind == "module":
                what = target(node.module, alias.name)
                if what[1] in depends and what[1] != old:
                    depends[old].add(what[1])
    ordered, state = [], {}

    def visit(old):
        if state.get(old):
            return
        state[old] = 1
        for each in sorted(depends[old], key=olds.index):
            visit(each)
        ordered.append(old)

    for old in olds:
        visit(old)
    return ordered


def plan_file_group(new, olds):
    olds = in_order(olds)
    definitions = group_plan(new, olds)
    own_package = new.rsplit(".", 1)[0]
    dropped = collections.defaultdict(set)  # identical definitions are dropped from the later sources
    for name, places in definitions.items():
        if len(places) > 1:
            texts = []
            for old, before in places:
                nodes = [n for n in sources[old].tree.body if (isinstance(n, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)) and n.name == before)
                         or (isinstance(n, ast.TypeAlias) and n.name.id == before)
                         or (isinstance(n, (ast.Assign, ast.AnnAssign)) and any(isinstance(t, ast.Name) and t.id == before for t in (n.targets if isinstance(n, ast.Assign) else [n.target])))]
                texts.append((old, nodes, [re.sub(rf"\b{before}\b", name, segment(sources[old], n)) for n in nodes]))
            if len({tuple(t[2]) for t in texts}) == 1 and len(texts[0][1]) == 1:
                for old, nodes, _t in texts[1:]:
                    dropped[old].add(id(nodes[0]))
            elif name == "register" or name == "app_name":
                errors.append(f"{new}: {name} is defined in {', '.join(o for o, _ in places)}")
            else:
                errors.append(f"{new}: {name} is defined in {', '.join(o for o, _ in places)}")
    # Every import of the group, by what it brings.
    wanted = {}  # identity -> preferred names and where
    for old in olds:
        source = sources[old]
        for scope, node, alias in source.found.imports:
            if not isinstance(node, ast.ImportFrom):
                if alias.name.startswith("plenara.") and alias.name in touched_modules:
                    if any(used == "plenara" for _s, used, _n in source.found.uses):
                        errors.append(f"{source.path}: import {alias.name} cannot be followed")
                    start, end = source.span(alias)
                    source.edit(start, end, new_module(alias.name))
                continue
            what = target(node.module, alias.name)
            bound = alias.asname or alias.name
            if what[0] == "module":
                leaf = new_module(what[1]).rsplit(".", 1)[-1]
                identity = ("module", new_module(what[1]))
                preferred = leaf if bound == what[1].rsplit(".", 1)[-1] else bound
                if bound != what[1].rsplit(".", 1)[-1] and bound == what[1].rsplit(".", 1)[-1]:
                    preferred = leaf
            else:
                name = exported_name(what[1], what[2])
                identity = ("symbol", new_module(what[1]), name)
                preferred = name if bound == what[2] else bound
            wanted.setdefault(identity, []).append((old, scope, node, alias, bound, preferred, what))
    # Choose names for imports at module level and in functions together, so that one thing has one name in the file.
    chosen = {}
    module_level = {}
    identities = collections.defaultdict(set)
    for identity, places in wanted.items():
        for place in places:
            identities[place[5]].add(identity)

    def shadowed(identity, name):
        """Whether the name means another thing where this one is used."""
        if name in definitions and not (identity[0] == "symbol" and identity[1] == new and identity[2] == name):
            return f"defined as {definitions[name]}"
        for old, scope, _node, alias, bound, _preferred, _what in wanted[identity]:
            source = sources[old]
            for use_scope, used, _use in source.found.uses:
                if used != bound or use_scope.lookup(bound) is not scope:
                    continue
                each = use_scope
                while each is not None:
                    if name in each.bindings and name != bound and each.kind != "class":
                        origins = each.bindings[name]
                        others = [o for o in origins if not (o[0] == "import" and _same(o[1], identity))]
                        if others and not all(o[0] == "import" and _moves_away(o[1], name) for o in others):
                            return f"bound in {old}"
                    if each is scope:
                        break
                    each = each.parent
        return None

    def _identity(full):
        module, _dot, name = full.rpartition(".")
        what = target(module, name)
        if what[0] == "module":
            return ("module", new_module(what[1]))
        return ("symbol", new_module(what[1]), exported_name(what[1], what[2]))

    def _same(full, identity):
        return _identity(full) == identity

    def _moves_away(full, name):
        module, _dot, leaf = full.rpartition(".")
        what = target(module, leaf)
        if what[0] == "module":
            return new_module(what[1]).rsplit(".", 1)[-1] != name
        return exported_name(what[1], what[2]) != name

    def changed(identity):
        return any(
            (place[6][0] == "module" and new_module(place[6][1]) != place[6][1])
            or (place[6][0] == "symbol" and exported_name(place[6][1], place[6][2]) != place[6][2])
            for place in wanted[identity]
        )

    for identity, places in wanted.items():
        if identity[1] == new and identity[0] == "module":
            chosen[identity] = None  # the file itself
            continue
        if identity[0] == "symbol" and identity[1] == new:
            chosen[identity] = identity[2]
            continue
        preferred = places[0][5]
        names = {p[5] for p in places}
        if len(names) > 1:
            preferred = sorted(names, key=lambda n: (n != identity[-1].rsplit(".", 1)[-1], n))[0]
        # Two things with one name matter where both are bound in one scope.
        def scopes(of):
            return {"module" if p[1].kind == "module" else id(p[1]) for p in wanted[of]}

        rivals = [i for i in identities[preferred] if i != identity and i[1] != new and scopes(i) & scopes(identity)]
        conflict = shadowed(identity, preferred)
        if rivals and not conflict:
            package = identity[1].rsplit(".", 1)[0]
            if identity[0] == "module" and package == own_package:
                pass
            elif not changed(identity) and all(changed(r) for r in rivals) and not any(r[0] == "module" and r[1].rsplit(".", 1)[0] == own_package for r in rivals):
                pass
            else:
                conflict = f"also {rivals}"
        if conflict:
            parts = identity[1].split(".")
            package = singular(parts[1]) if len(parts) > 1 else parts[0]
            options = [f"{package.title()}{preferred}" if preferred[0].isupper() and not preferred.isupper() else f"{package}_{preferred}"]
            if identity[0] == "symbol" and preferred != identity[2]:
                options.insert(0, identity[2])
            if len(parts) > 3:
                options.insert(0 if parts[1] == own_package.split(".")[1] else 1, f"{parts[-2]}_{preferred}")
            options.append(f"{'_'.join(parts[1:-1])}_{preferred}")
            for option in options:
                if not shadowed(identity, option) and option not in chosen.values() and not any(option in sources[o].found.module.bindings for o in olds):
                    chosen[identity] = option
                    break
            else:
                errors.append(f"{new}: no name for {identity}: {conflict}")
                chosen[identity] = preferred
            if identity[0] == "symbol":
                notes.append(f"{new}: {identity[1]}.{identity[2]} as {chosen[identity]} ({conflict})")
        else:
            chosen[identity] = preferred
    return definitions, wanted, chosen, dropped


def statement_for(node, parts):
    """New import statements: parts are (new module or package, name, alias)."""
    handed_on = {a.name for a in node.names if a.asname == a.name}
    by_module = collections.OrderedDict()
    for module, name, alias in parts:
        by_module.setdefault(module, []).append(f"{name} as {alias}" if alias != name or handed_on else name)
    out = []
    for module, names in by_module.items():
        line = f"from {module} import {', '.join(names)}"
        out.append(line)
    return out


def apply_group(new, olds):
    definitions, wanted, chosen, dropped = plan_file_group(new, olds)
    for old in olds:
        source = sources[old]
        found = source.found
        # 1. Top-level names of our own that are renamed.
        for (module, name), other in renames.items():
            if module != old:
                continue
            if name not in found.module.bindings:
                errors.append(f"{old} has no {name}")
                continue
            rename_binding(source, found.module, name, other)
        for (module, name), other in local_renames.items():
            if module != old:
                continue
            done = set()
            for scope in {id(s): s for s, n, _u in found.uses for s in [s.lookup(name)] if n == name and s is not None and s.kind != "module"}.values():
                if name in scope.parameters:
                    errors.append(f"{old}: {name} is a parameter of {getattr(scope.node, 'name', 'lambda')}")
                rename_binding(source, scope, name, other)
        # 2. Imports.
        per_node = collections.defaultdict(list)
        for identity, places in wanted.items():
            for place_old, scope, node, alias, bound, _preferred, what in places:
                if place_old != old:
                    continue
                per_node[id(node)].append((identity, scope, node, alias, bound, what))
        for entries in per_node.values():
            node = entries[0][2]
            parts, different = [], False
            for identity, scope, _node, alias, bound, what in entries:
                name = chosen[identity]
                if identity[1] == new:
                    different = True
                    if identity[0] == "module":
                        unqualify(source, scope, bound, what[1], new)
                    elif bound != name:
                        rename_binding(source, scope, bound, name, imported=True)
                    continue
                if name != bound:
                    rename_binding(source, scope, bound, name, imported=True)
                if identity[0] == "module":
                    package, _dot, leaf = identity[1].rpartition(".")
                    parts.append((package, leaf, name))
                    old_package, _dot, old_leaf = what[1].rpartition(".")
                    if (package, leaf, name) != (old_package, old_leaf, bound):
                        different = True
                else:
                    parts.append((identity[1], identity[2], name))
                    if (identity[1], identity[2], name) != (what[1], what[2], bound):
                        different = True
            if different or len(olds) > 1:
                start, end = source.span(node)
                if "#" in source.text[start:end]:
                    notes.append(f"{source.path}:{node.lineno}: a comment inside an import is lost")
                statements = statement_for(node, parts)
                if not statements:
                    body = block_of(source.tree, node)
                    remaining = [n for n in body if not isinstance(n, ast.ImportFrom)]
                    text = "pass" if len(body) == 1 else ""
                    source.edit(start, end, text)
                else:
                    indent = " " * node.col_offset
                    source.edit(start, end, f"\n{indent}".join(statements))
        for node in source.tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "__all__":
                for each in node.value.elts:
                    if exported_name(old, each.value) != each.value:
                        start, end = source.span(each)
                        source.edit(start, end, f'"{exported_name(old, each.value)}"')
        # 3. setattr(module, "name") and its like.
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and len(node.args) >= 2 and isinstance(node.args[0], ast.Name) and isinstance(node.args[1], ast.Constant):
                for identity, places in wanted.items():
                    for place_old, scope, _n, _a, bound, _p, what in places:
                        if place_old == old and bound == node.args[0].id and what[0] == "module" and isinstance(node.args[1].value, str) and exported_name(what[1], node.args[1].value) != node.args[1].value:
                            start, end = source.span(node.args[1])
                            source.edit(start, end, f'"{exported_name(what[1], node.args[1].value)}"')
    return dropped


def block_of(tree, node):
    for each in ast.walk(tree):
        for field in ("body", "orelse", "finalbody"):
            body = getattr(each, field, None)
            if isinstance(body, list) and any(n is node for n in body):
                return body
    raise LookupError


def unqualify(source, scope, bound, old_module, new):
    """`kept.name` becomes `name` where both are one module now."""
    for use_scope, used, node in source.found.uses:
        if used != bound or use_scope.lookup(bound) is not scope:
            continue
        attribute = source.found.attribute_of.get(id(node))
        if attribute is None:
            errors.append(f"{source.path}:{node.lineno}: {bound} is used as a module, and is this module now")
            continue
        name = exported_name(old_module, attribute.attr)
        each = use_scope
        while each is not None and each.kind != "module":
            if name in each.bindings and each.kind != "class":
                errors.append(f"{source.path}:{node.lineno}: {name} is a variable here: local {source.module}:{name} -> …")
                break
            each = each.parent
        start, _end = source.span(node)
        _start, end = source.span(attribute)
        source.edit(start, end, name)


def rename_binding(source, scope, old, new, imported=False):
    for origin in scope.bindings[old]:
        if origin[0] == "definition":
            node = origin[1]
            start = source.span(node)[0]
            at = re.compile(rf"\b{re.escape(old)}\b").search(source.text, start)
            head = source.text[start:at.start()]
            source.edit(at.start(), at.end(), new)
        elif origin[0] == "exception":
            start, end = source.span(origin[1])
            at = re.compile(rf"\bas\s+({re.escape(old)})\b").search(source.text, start)
            source.edit(at.start(1), at.end(1), new)
        elif origin[0] == "parameter":
            start, _end = source.span(origin[1])
            source.edit(start, start + len(old), new)
        elif origin[0] == "import" and not imported:
            errors.append(f"{source.path}: {old} is imported, and cannot be renamed")
        elif origin[0] == "variable" and not isinstance(origin[1], ast.Name):
            errors.append(f"{source.path}: {old} is bound by a pattern")
    for use_scope, used, node in source.found.uses:
        if used == old and use_scope.lookup(old) is scope:
            each = use_scope
            while each is not None and each is not scope:
                if new in each.bindings and each.kind != "class":
                    errors.append(f"{source.path}:{node.lineno}: {old} -> {new}, which is a variable here")
                    break
                each = each.parent
            start, end = source.span(node)
            source.edit(start, end, new)
    if scope.kind == "module":
        for node in source.found.global_statements:
            if old in node.names:
                start, end = source.span(node)
                at = re.compile(rf"\b{re.escape(old)}\b").search(source.text, start, end)
                source.edit(at.start(), at.end(), new)


def attribute_edits():
    """`module.name` of a renamed top-level name, wherever the module is imported."""
    for source in sources.values():
        by_binding = {}
        for scope, node, alias in source.found.imports:
            if isinstance(node, ast.ImportFrom):
                what = target(node.module, alias.name)
                if what[0] == "module":
                    by_binding.setdefault(alias.asname or alias.name, []).append((scope, what[1]))
        for use_scope, used, node in source.found.uses:
            for scope, module in by_binding.get(used, ()):
                if use_scope.lookup(used) is not scope:
                    continue
                attribute = source.found.attribute_of.get(id(node))
                if attribute is None or exported_name(module, attribute.attr) == attribute.attr:
                    continue
                if new_module(module) == new_module(source.module):
                    continue  # unqualified as a whole
                _start, end = source.span(attribute)
                source.edit(end - len(attribute.attr), end, exported_name(module, attribute.attr))


attribute_edits()
dropped = {}
for new, olds in groups.items():
    if len(olds) > 1 and new in index and index[new].name != "__init__.py":
        pass
    dropped[new] = apply_group(new, olds)

def new_path(new, olds):
    base = pathlib.Path(*new.split("."))
    keeps = [o for o in olds if o in is_package]
    becomes_package = any(t != new and t.startswith(new + ".") for t in groups)
    if becomes_package:
        return base / "__init__.py"
    return base.with_suffix(".py")


# Dotted names and paths in texts of every kind.
DOTTED = re.compile(r"(?<![\w./-])(plenara|tests|tools|benchmarks)((?:\.\w+)+)")
PATHED = re.compile(r"(?<![\w.-])(?:\./|\.\./)*((?:plenara|tests|tools|benchmarks)(?:/[\w-]+)*/[\w-]+\.py)\b")


def dotted(match):
    line = match.string[match.string.rfind("\n", 0, match.start()) + 1 : match.start()]
    if re.search(r"salt\s*=", line, re.I):
        return match.group(0)  # what was signed stays signed
    parts = match.group(0).split(".")
    for size in range(len(parts), 1, -1):
        module = ".".join(parts[:size])
        if module in index:
            if size < len(parts) and module in is_package and not (ROOT / pathlib.Path(*parts[:size]) / "__init__.py").exists():
                pass
            rest = parts[size:]
            if rest:
                rest[0] = renames.get((module, rest[0]), rest[0])
            return ".".join([new_module(module), *rest])
        if module in folders:
            return match.group(0)
    return match.group(0)


def pathed(match):
    old = pathlib.Path(match.group(1))
    module = module_of(old)
    if module in index and index[module] == old and new_module(module) != module:
        return match.group(0).replace(match.group(1), new_path(new_module(module), groups[new_module(module)]).as_posix())
    return match.group(0)


PROGRAM = re.compile(r"from (plenara[\w.]*) import ([\w, ]+)")


def program(match):
    """An import in a text that holds a program, as tests start processes."""
    lines, other = [], False
    for part in match.group(2).split(","):
        name, _as, alias = part.strip().partition(" as ")
        if not name.isidentifier():
            return match.group(0)
        what = target(match.group(1), name)
        if what[0] == "module":
            package, _dot, leaf = new_module(what[1]).rpartition(".")
        else:
            package, leaf = new_module(what[1]), exported_name(what[1], what[2])
        other = other or (package, leaf) != (match.group(1), name)
        lines.append(f"from {package} import {leaf}" + (f" as {alias or name}" if (alias or name) != leaf else ""))
    return "; ".join(lines) if other else match.group(0)


TEMPLATES = re.compile(r"(?<![\w/.-])(" + "|".join(sorted(map(re.escape, template_names), key=len, reverse=True)) + r")(?![\w/-])") if template_names else None


def in_texts(text):
    held = []

    def hold(match):
        held.append(program(match))
        return f"\0{len(held) - 1}\0"

    text = PROGRAM.sub(hold, text)
    if TEMPLATES is not None:
        text = TEMPLATES.sub(lambda m: template_names[m.group(0)], text)
    text = PATHED.sub(pathed, DOTTED.sub(dotted, text))
    return re.sub(r"\0(\d+)\0", lambda m: held[int(m.group(1))], text)


def text_edits():
    """What strings and comments name."""
    for source in sources.values():
        for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
            if token.type not in (tokenize.STRING, tokenize.COMMENT, tokenize.FSTRING_MIDDLE):
                continue
            start = source.starts[token.start[0] - 1] + token.start[1]
            end = source.starts[token.end[0] - 1] + token.end[1]
            line = source.lines[token.start[0] - 1]
            if re.search(r"salt\s*=", line, re.I):
                continue
            text = source.text[start:end]
            after = in_texts(text)
            if after != text and not any(e[0] < end and start < e[1] for e in source.edits):
                source.edit(start, end, after)


text_edits()

outputs = {}  # new path -> text


def as_docstring(text):
    if len(text) <= 114:
        return '"""' + text + '"""\n'
    return '"""' + "\n".join(textwrap.wrap(text, 116)) + '\n"""\n'


def merged(new, olds):
    """Docstring, imports, then the bodies: first what the others lean on."""
    ordered = in_order(olds)
    imports, checked, bodies, text_of = [], [], [], []
    docstring = docs.get(new)
    for old in ordered:
        source = sources[old]
        tree = source.tree
        body = list(tree.body)
        if body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant) and isinstance(body[0].value.value, str):
            if docstring is None:
                docstring = body[0].value.value
                notes.append(f"{new}: no docstring given")
            start, end = source.span(body[0])
            source.edits = [e for e in source.edits if not (start <= e[0] and e[1] <= end)]
            source.edit(start, end, "")
        for node in body:
            if id(node) in dropped[new][old]:
                start, end = source.span(node)
                source.edits = [e for e in source.edits if not (start <= e[0] and e[1] <= end)]
                source.edit(start, end, "")
        # Take the imports at the top out of the text, with what was edited in them.
        marks = []
        for node in body:
            inner = [node] if isinstance(node, (ast.Import, ast.ImportFrom)) else []
            checking = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test) and not node.orelse
            if checking:
                inner = node.body
                if not all(isinstance(n, (ast.Import, ast.ImportFrom)) for n in inner):
                    errors.append(f"{source.path}: more than imports under TYPE_CHECKING")
            if not inner:
                continue
            for each in inner:
                start, end = source.span(each)
                mine = [e for e in source.edits if (e[0], e[1]) == (start, end)]
                text = mine[0][2] if mine else source.text[start:end]
                text = re.sub(r"\n\s+(?=(from|import) )", "\n", text)
                source.edits = [e for e in source.edits if (e[0], e[1]) != (start, end)]
                if text.strip() and text.strip() != "pass":
                    (checked if checking else imports).append(text)
                if not checking:
                    source.edit(start, end, "")
            if checking:
                start, end = source.span(node)
                source.edit(start, end, "")
        bodies.append(source.result().strip("\n"))
    lines = []
    for text in imports:
        if text not in lines:
            lines.append(text)
    out = []
    if docstring:
        out.append(as_docstring(docstring))
    out.append("\n".join(lines))
    checked = [c for c in dict.fromkeys(checked) if c not in lines]
    if checked:
        out.append("\nif TYPE_CHECKING:\n" + "\n".join("    " + c.replace("\n", "\n    ") for c in checked))
    out.extend("\n\n" + body for body in bodies if body.strip())
    return "\n".join(out) + "\n"


for new, olds in groups.items():
    path = new_path(new, olds)
    had = any(m.startswith(o + ".") for o in olds for m in index)
    if had and all(o in is_package and not sources[o].text.strip() for o in olds) and not any(t.startswith(new + ".") for t in groups if t != new):
        continue  # an empty __init__ whose folder is no more
    real = [o for o in olds if sources[o].text.strip()] or olds[:1]
    if len(real) > 1:
        outputs[path] = merged(new, real)
    else:
        if new in docs and new_module(real[0]) != real[0]:
            first = sources[real[0]].tree.body[0] if sources[real[0]].tree.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                start, end = sources[real[0]].span(first)
                sources[real[0]].edits = [e for e in sources[real[0]].edits if not (start <= e[0] and e[1] <= end)]
                sources[real[0]].edit(start, end, as_docstring(docs[new]).rstrip("\n"))
        outputs[path] = sources[real[0]].result()
# A folder that has modules has an __init__.
for path in list(outputs):
    if path.parts[0] == "plenara":
        for parent in list(path.parents)[:-1]:
            if parent.parts and (parent / "__init__.py") not in outputs and parent.as_posix() != ".":
                text = docs.get(".".join(parent.parts))
                outputs.setdefault(parent / "__init__.py", as_docstring(text) if text else "")

if errors and True:
    print("\n".join(dict.fromkeys(errors)))
    print(len(set(errors)), "errors; nothing written")
    sys.exit(1)

for path in python:
    (ROOT / path).unlink()
for path, text in outputs.items():
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
for path in tracked:
    if path.suffix in {".md", ".toml", ".html", ".txt", ".yml", ".yaml", ".sh", ".cfg", ".ini", ".service", ".conf", ".json", ".in"} or (path.suffix == "" and path.parts[0] in {"bin", ".ci", "docs", "tests", "tools", "benchmarks"}):
        if path.suffix == ".po" or "data" in path.parts or path.stat().st_size > 3_000_000:
            continue
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        after = in_texts(text)
        if after != text:
            path.write_text(after)
# Libraries of template tags are loaded by their module's name.
tags = {}
for old, new in moves.items():
    if ".templatetags." in old and old.rsplit(".", 1)[1] != new.rsplit(".", 1)[1]:
        tags[old.rsplit(".", 1)[1]] = new.rsplit(".", 1)[1]
if tags:
    for path in tracked:
        if path.suffix in {".html", ".txt"} and "templates" in path.parts and path.is_file():
            text = path.read_text()
            after = re.sub(r"(\{%-?\s*load\s)([^%]*)(%\})", lambda m: m.group(1) + " ".join(tags.get(w, w) for w in m.group(2).split(" ")) + m.group(3), text)
            if after != text:
                path.write_text(after)
for old, new in file_moves:
    pathlib.Path(new).parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["git", "mv", "-k", old, new], check=False)
for folder in sorted({p.parent for p in python}, reverse=True):
    if folder.is_dir() and not any(folder.rglob("*.*")):
        subprocess.run(["rm", "-rf", str(folder)], check=True)
print("\n".join(notes))
print(f"{len(moves)} modules moved, {len(renames)} names renamed")
