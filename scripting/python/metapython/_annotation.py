"""The annotations of classes, which Python evaluates or not, by version and by the author's imports."""

from __future__ import annotations

import sys
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


def resolve(cls: type, annotation: Any) -> Any:
    """The type that an annotation of a class means, or None where it cannot be told."""
    if not isinstance(annotation, str):
        return annotation
    scope = vars(sys.modules.get(cls.__module__, sys))
    try:
        return eval(annotation, dict(scope), dict(vars(cls)))
    except Exception:  # A name that only type checkers know, or one that comes later.
        return None
