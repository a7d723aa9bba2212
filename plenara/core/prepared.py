"""Queries that are composed once in each process, not each time that they are asked.

Django composes and compiles a query each time: for a public page three times as long as the database takes to
answer. `prepared` keeps the statement of a query, and fills in the values. It uses parts of Django that are not
documented (`get_compiler`, `as_sql`, `execute_sql`); a test compares its rows with those of the query itself.
`insert` does the same for a new row. PostgreSQL plans the statements of `insert` and `planned_once` once, too.
"""

import copy
import datetime
import functools
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import NotSupportedError, connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.db.models import FETCH_ONE, Field, Model, QuerySet
from django.db.models.base import ModelState
from django.db.models.constants import OnConflict
from django.db.models.query import ModelIterable, get_related_populators
from django.db.models.sql import InsertQuery, Query
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import mark_for_rollback_on_error

type Single = int | str | datetime.date | None  # a moment is a date, too
type Value = Single | list[Single]
#: Which argument, and of a list which of its values.
type Place = tuple[int, int]

#: What stands for numbers while a query is composed: they fit a small integer, and stand nowhere else in a statement.
_NUMBERS = range(30_001, 32_700)
#: The longest list of values that is filled in; a longer one is composed each time.
_LONGEST = 256
#: One thread at a time compiles: it changes the query that it compiles.
_COMPILING = threading.Lock()


def prepared[**P, M: Model, R](
    compose: Callable[P, QuerySet[M, R]], *, is_planned_once: bool = False
) -> Callable[P, QuerySet[M, R]]:
    """Let the query that a function composes be composed once for each form of its arguments.

    The arguments are positional: numbers, texts, days, moments, and lists of numbers or texts. The query compares them
    with columns as they are. Booleans, None, 0 and "" may change its form. Limits and patterns of texts are no
    arguments. The query is complete: it can be iterated, once or more, but not filtered, ordered or counted any more.
    Raises TypeError where an argument is not in the statement.
    """
    statements: dict[tuple[object, ...], _Statement[M, R]] = {}

    def composed(values: Sequence[object]) -> QuerySet[M, R]:
        return compose(*values)  # type: ignore[arg-type, call-arg]  # they have the form of the arguments

    @functools.wraps(compose)
    def query(*args: P.args, **kwargs: P.kwargs) -> QuerySet[M, R]:
        values = [_padded(each) for each in args]
        form = tuple(_form(each) for each in values)
        if kwargs or None in form:
            return compose(*args, **kwargs)
        if form not in statements:
            statements[form] = _Statement(compose.__qualname__, composed, values, is_planned_once=is_planned_once)
        return statements[form].query(values)

    return query


def planned_once[**P, M: Model, R](compose: Callable[P, QuerySet[M, R]]) -> Callable[P, QuerySet[M, R]]:
    """As `prepared`; and PostgreSQL keeps one plan for all values. For queries that an index leads to few rows."""
    return prepared(compose, is_planned_once=True)


def find[M: Model](model: type[M], pk: int, *related: str) -> M | None:
    """Return the row with an id, with its `select_related` rows; nothing where there is none. One query."""
    return next(iter(_by_id(model, *related)(pk)), None)


@functools.cache
def _by_id[M: Model](model: type[M], *related: str) -> Callable[[int], QuerySet[M]]:
    rows = model._default_manager.select_related(*related) if related else model._default_manager.all()
    return planned_once(lambda pk: rows.filter(pk=pk))


def insert(row: Model, *, ignore_conflicts: bool = False) -> bool:
    """Insert a new row, as `save` does; no signals are sent. Return whether it was inserted.

    With `ignore_conflicts`, a row that breaks a constraint of uniqueness is not, and has no id.
    """
    model = type(row)
    using = router.db_for_write(model)
    connection = connections[using]
    made = (model, connection.vendor, ignore_conflicts)
    if made not in _inserts:
        _inserts[made] = _composed_insert(row, connection, ignore_conflicts=ignore_conflicts)
    statement, fields = _inserts[made]
    values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]
    with mark_for_rollback_on_error(using), planning_cursor(connection) as cursor:
        cursor.execute(statement, parameters(values, connection))
        found = cursor.fetchone()
    if found is None:
        return False
    row.pk = found[0]
    row._state.adding, row._state.db = False, using
    return True


#: The statements of `insert`, and the fields that they fill in.
_inserts: dict[tuple[type[Model], str, bool], tuple[str, list[Field]]] = {}


def _composed_insert(row: Model, connection: BaseDatabaseWrapper, *, ignore_conflicts: bool) -> tuple[str, list[Field]]:
    """Return the statement that inserts rows like this one. Raises TypeError where the database makes a column."""
    meta = row._meta
    fields = [field for field in meta.local_concrete_fields if not field.primary_key]
    if meta.parents or meta.db_returning_fields != [meta.pk] or any(field.has_db_default() for field in fields):
        raise TypeError(f"{meta.label}: the database makes more than the id.")
    query = InsertQuery(type(row), on_conflict=OnConflict.IGNORE if ignore_conflicts else None)
    query.insert_values(fields, [row])
    compiler = query.get_compiler(connection.alias)
    compiler.returning_fields = [meta.pk]
    ((statement, _params),) = compiler.as_sql()
    return statement, fields


@contextmanager
def planning_cursor(connection: BaseDatabaseWrapper) -> Iterator[CursorWrapper]:
    """Open a cursor for a statement whose text is always the same: PostgreSQL plans it once for each connection.

    The session of PostgreSQL forgets it after a rollback. Django's own cursors write the values into the text.
    """
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor:
            yield cursor
        return
    from django.db.backends.postgresql.base import ServerBindingCursor

    connection.ensure_connection()
    session = connection.connection
    session.prepare_threshold = 0
    usual, session.cursor_factory = session.cursor_factory, ServerBindingCursor
    try:
        cursor = connection.cursor()
    finally:
        session.cursor_factory = usual
    with cursor:
        try:
            yield cursor
        except NotSupportedError:
            connection.close()  # a column has another type since it was planned
            raise


def parameters(values: Iterable[object], connection: BaseDatabaseWrapper) -> list[Any]:  # type: ignore[explicit-any]
    """Return the parameters of a statement for `planning_cursor`: numbers of any size have one type, and one plan."""
    if connection.vendor != "postgresql":
        return list(values)
    from psycopg.types.numeric import Int8

    return [Int8(each) if type(each) is int else each for each in values]


def fill_related[M: Model](objects: Iterable[Model], name: str, rows: Iterable[M], key: str) -> None:
    """Give objects their related rows, as `prefetch_related` does: `rows` have the object's id in `key`.

    `object.name.all()` is then the list of these rows, in their order.
    """
    found: dict[object, list[M]] = {}
    for row in rows:
        found.setdefault(getattr(row, key), []).append(row)
    for each in objects:
        vars(each).setdefault("_prefetched_objects_cache", {})[name] = found.get(each.pk, [])


def _padded(value: object) -> Value:
    """Return a list of values as long as the next power of two, so that few lengths have statements of their own."""
    if isinstance(value, (list, tuple, set, frozenset)) and value:
        return [*value, *[next(iter(value))] * ((1 << (len(value) - 1).bit_length()) - len(value))]
    return value  # type: ignore[return-value]  # `_form` looks whether it is one


def _form(value: Value) -> object:
    """Return what a statement depends on; None where it cannot be kept."""
    if _is_constant(value):
        return ("constant", type(value), value)
    if isinstance(value, list):
        kinds = {type(each) for each in value}
        fits = len(value) <= _LONGEST and len(kinds) <= 1 and kinds <= {int, str}
        fits = fits and all(-(2**31) <= each < 2**31 for each in value if isinstance(each, int))
        return ("list", *kinds, len(value)) if fits else None
    if isinstance(value, int):
        return int if -(2**31) <= value < 2**31 else None
    return type(value) if type(value) in {str, datetime.date, datetime.datetime} else None


def _is_constant(value: Value) -> bool:
    """Return whether a function that composes a query may ask for the value: whether it is there."""
    return value is None or isinstance(value, bool) or (type(value) in {int, str} and not value)


class _Statement[M: Model, R]:
    """A query, composed with values that stand for those of its arguments."""

    def __init__(
        self,
        name: str,
        compose: Callable[[Sequence[object]], QuerySet[M, R]],
        values: list[Value],
        *,
        is_planned_once: bool,
    ):
        self._name, self._compose, self._is_planned_once = name, compose, is_planned_once
        #: Where each value that stands for another one comes from.
        self._places: dict[Single, Place] = {}
        numbers = iter(_NUMBERS)
        self._template = compose(
            [
                [self._stand(each, numbers, (place, index)) for index, each in enumerate(value)]
                if isinstance(value, list)
                else value
                if _is_constant(value)
                else self._stand(value, numbers, (place, 0))
                for place, value in enumerate(values)
            ]
        )
        if self._template._iterable_class is ModelIterable and not vars(self._template)["_known_related_objects"]:
            self._template._iterable_class = _Rows
        self._compiled: dict[str, _Compiled] = {}

    def _stand(self, value: Single, numbers: Iterator[int], place: Place) -> Single:
        number = next(numbers)
        stand: Single = number
        if isinstance(value, str):
            stand = f"\ue000{number}\ue000"
        elif isinstance(value, datetime.datetime):
            stand = datetime.datetime(1901, 1, 1, tzinfo=datetime.UTC) + datetime.timedelta(seconds=number)
        elif isinstance(value, datetime.date):
            stand = datetime.date(1701, 1, 1) + datetime.timedelta(days=number)
        self._places[stand] = place
        return stand

    def query(self, values: list[Value]) -> QuerySet[M, R]:
        """Return the query with its values."""
        found = object.__new__(type(self._template))  # its copy would ask the database for its rows
        query = _Filled(self._template.query, lambda using: self._compiler(using, values))
        vars(found).update(vars(self._template), _result_cache=None, _prefetch_done=False, _query=query)
        return found

    def _compiler(self, using: str, values: list[Value]) -> SQLCompiler:
        if using not in self._compiled:
            with _COMPILING:
                compiler = self._template.query.clone().get_compiler(using)
                self._compiled[using] = _Compiled(self._name, compiler, connections[using], self._places)
        compiled = self._compiled[using].compiler(connections[using], values, is_planned_once=self._is_planned_once)
        return compiled or self._compose(values).query.get_compiler(using)


class _Compiled:
    """The statement for one database, and which of its parameters are filled in from where."""

    def __init__(self, name: str, compiler: SQLCompiler, connection: BaseDatabaseWrapper, places: dict[Single, Place]):
        self._compiler = compiler
        known = {_adapted(each, connection): place for each, place in places.items()}
        self._params: list[object] = []
        self._slots: list[tuple[int, Place]] = []
        self._is_empty = False  # because one of the lists is
        try:
            self._sql, params = compiler.as_sql()
        except EmptyResultSet:
            self._is_empty = True
            params = ()
        columns = [] if self._is_empty else [column for column, *_rest in compiler.select[: compiler.col_count]]
        self._has_composite = compiler.has_composite_fields(columns)
        self._made: _Made | None = None
        # The connection belongs to a thread, which ends.
        vars(compiler).update(connection=None)
        self._params = list(params)
        for at, param in enumerate(self._params):
            if isinstance(param, (int, str, datetime.date)) and param in known:
                self._slots.append((at, known[param]))
        missing = set(places.values()) - {place for _at, place in self._slots}
        if missing and not self._is_empty:
            raise TypeError(f"{name}: arguments {sorted(missing)} are not in its statement.")

    def compiler(
        self, connection: BaseDatabaseWrapper, values: list[Value], *, is_planned_once: bool
    ) -> SQLCompiler | None:
        """Return a compiler whose statement has the values; None where a value does not fit."""
        params = self._params[:]
        for at, (place, index) in self._slots:
            value, stood = values[place], params[at]
            if isinstance(value, list):
                value = value[index]
            if isinstance(value, int) and isinstance(stood, int) and type(stood) is not int:
                # PostgreSQL's numbers of two, four and eight bytes.
                if type(stood).__name__ == "Int2" and not -(2**15) <= value < 2**15:
                    return None
                params[at] = type(stood)(value)
            else:
                params[at] = _adapted(value, connection)
        compiler = copy.copy(self._compiler)
        vars(compiler).update(
            connection=connection,
            as_sql=lambda *_args, **_kwargs: self._statement(tuple(params)),
            get_converters=lambda _columns: self._converters(connection),
            has_composite_fields=lambda _columns: self._has_composite,
            objects=self._objects,
        )
        if is_planned_once and connection.vendor == "postgresql" and not self._is_empty:
            vars(compiler).update(execute_sql=lambda *_args, **_kwargs: [self._rows(connection, params)])
        return compiler

    def _rows(self, connection: BaseDatabaseWrapper, params: list[object]) -> list[Sequence[object]]:
        with planning_cursor(connection) as cursor:
            cursor.execute(self._sql, parameters(params, connection))
            width = self._compiler.col_count if self._compiler.has_extra_select else None
            return [row[:width] for row in cursor.fetchall()]

    def _converters(self, connection: BaseDatabaseWrapper) -> dict[int, tuple[object, object]]:
        """Return what makes values of the columns. Some of it belongs to the connection, which remembers it."""
        known = vars(connection).setdefault("converters_of_prepared", {})
        if self not in known:
            compiler = copy.copy(self._compiler)
            compiler.connection = connection
            known[self] = compiler.get_converters([column for column, *_rest in compiler.select[: compiler.col_count]])
        found: dict[int, tuple[object, object]] = known[self]
        return found

    def _objects(self) -> "_Made":
        self._made = self._made or _Made(self._compiler)
        return self._made

    def _statement(self, params: tuple[object, ...]) -> tuple[str, tuple[object, ...]]:
        if self._is_empty:
            raise EmptyResultSet  # as the query's own compiler does
        return self._sql, params


def _adapted(value: Single, connection: BaseDatabaseWrapper) -> object:
    """Return a value as a parameter of the database."""
    if isinstance(value, datetime.datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return connection.ops.adapt_datefield_value(value) if isinstance(value, datetime.date) else value


class _Made:
    """Makes the objects of a query from its rows."""

    def __init__(self, compiler: SQLCompiler):
        info, select = compiler.klass_info, compiler.select
        fields = info["select_fields"]
        self._columns = slice(fields[0], fields[-1] + 1)
        self._names = [column.target.attname for column, *_rest in select[self._columns]]
        self._db, self._make = str(compiler.using), _maker(info["model"])
        self._related = get_related_populators(info, select, self._db, FETCH_ONE)
        self._annotations = compiler.annotation_col_map or {}
        populators = self._related[:]
        for each in populators:
            vars(each).update(from_db=_maker(each.model_cls))
            populators += each.related_populators

    def one(self, row: Sequence[object]) -> Model:
        """Return the object of a row, with those that are selected with it."""
        made = self._make(self._db, self._names, row[self._columns])
        for each in self._related:
            each.populate(row, made)
        for name, column in self._annotations.items():
            setattr(made, name, row[column])
        return made


def _maker(model: type[Model]) -> Callable[[str, list[str], Sequence[object]], Model]:
    """Return what makes an object as the model's `from_db` does, without asking each field; nobody listens to it."""
    is_plain = model.__init__ is Model.__init__ and model.from_db.__func__ is Model.from_db.__func__  # type: ignore[attr-defined]
    if not is_plain:
        return model.from_db

    def make(db: str, names: list[str], values: Sequence[object]) -> Model:
        made = object.__new__(model)
        state = ModelState()
        state.adding, state.db = False, db
        vars(made).update(zip(names, values, strict=True), _state=state)
        return made

    return make


class _Rows(ModelIterable):
    """The objects of a prepared query."""

    def __iter__(self) -> Iterator[Model]:
        compiler = self.queryset.query.get_compiler(using=self.queryset.db)
        if not hasattr(compiler, "objects"):  # a value does not fit
            return super().__iter__()
        results = compiler.execute_sql(chunked_fetch=self.chunked_fetch, chunk_size=self.chunk_size)
        return map(compiler.objects().one, compiler.results_iter(results))


class _Filled:
    """Stands for a query whose statement is there: changing it raises an error."""

    def __init__(self, query: Query, compiler: Callable[[str], SQLCompiler]):
        self._query, self._compiler = query, compiler

    def get_compiler(self, using: str, *_args: object, **_kwargs: object) -> SQLCompiler:
        return self._compiler(using)

    def __getattr__(self, name: str) -> object:
        found: object = getattr(self._query, name)
        if callable(found):  # whatever changes it, counts or becomes a part of another one
            raise TypeError("A prepared query is complete: change the function that composes it.")
        return found
