"""Log lines as JSON: time, level, logger, message, and what the caller named. No address and no text of a person."""

import datetime
import json
import logging

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "request", "taskName"}


def _message(record: logging.LogRecord) -> str:
    if record.name == "django.request" and isinstance(record.args, tuple) and record.args:
        return str(record.args[0])  # the error; the path after it can hold a one-time token
    return record.msg if isinstance(record.msg, str) and record.exc_info else record.getMessage()


class JsonLines(logging.Formatter):
    """Formats a record as one JSON line; of an exception only type and place, since its text may quote a person."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.datetime.fromtimestamp(record.created, datetime.UTC)
        line: dict[str, object] = {
            "at": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "message": _message(record),
        }
        if (request := getattr(record, "request", None)) and (match := getattr(request, "resolver_match", None)):
            line["route"] = match.route
        line.update({key: value for key, value in vars(record).items() if key not in _STANDARD})
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            trace = record.exc_info[2]
            places = []
            while trace:
                places.append(f"{trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}")
                trace = trace.tb_next
            line["trace"] = places[-8:]
        return json.dumps(line, ensure_ascii=False, default=str)
