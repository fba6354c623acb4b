"""The annotations of classes, which Python evaluates or not, by version and by the author's imports."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any


def own_annotations(cls: type) -> dict[str, Any]:
    """The annotations of the class itself, evaluated or not."""
    if sys.version_info >= (3, 14):
        import annotationlib

        forward = annotationlib.Format.FORWARDREF
        return dict(annotationlib.get_annotations(cls, format=forward))
    return dict(cls.__dict__.get("__annotations__", {}))


def is_class_variable(annotation: Any) -> bool:
    """Whether an annotation is ClassVar, written out or not."""
    text = annotation if isinstance(annotation, str) else str(annotation)
    return text.startswith(("ClassVar", "typing.ClassVar"))


def resolver(cls: type) -> Callable[[Any], Any]:
    """What tells the type that an annotation of a class means, or None where it cannot be told."""
    scopes: list[dict[str, Any]] = []

    def resolve(annotation: Any) -> Any:
        if not isinstance(annotation, str):
            return annotation
        if not scopes:  # Copies, in which it leaves no names behind; made for the first that needs them.
            module = getattr(sys.modules.get(cls.__module__), "__dict__", {})
            scopes.extend((dict(module), dict(vars(cls))))
        try:
            return eval(annotation, *scopes)
        except (Exception, SystemExit):  # A name that only type checkers know, or one that comes later.
            return None

    return resolve
