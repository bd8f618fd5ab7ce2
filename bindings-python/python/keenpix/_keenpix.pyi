from collections.abc import Sequence
from typing import Any, Final, Optional, Union, final

from . import Cancel as Cancel
from .errors import CancelledError, DeadlineError

__version__: Final[str]
__all__ = [
    "Bytes",
    "Cancel",
    "Made",
    "__version__",
    "deadline_passed",
    "given_up",
    "input_limit",
    "probe",
    "stats",
    "transform",
]

@final
class Made:
    facts: str

class Bytes:
    def __new__(cls, made: Made) -> Bytes: ...
    @property
    def data(self) -> bytes:
        """The bytes, copied."""
    def __len__(self) -> int: ...
    def __bytes__(self) -> bytes: ...
    def __buffer__(self, flags: int, /) -> memoryview: ...

def transform(
    data: Union[bytes, Bytes, Any],
    plans: Sequence[str],
    limits_json: Optional[str] = None,
    deadline: Optional[float] = None,
    cancel: Optional[Cancel] = None,
) -> list[Made]: ...
def stats(
    data: Union[bytes, Bytes, Any],
    limits_json: Optional[str] = None,
    deadline: Optional[float] = None,
    cancel: Optional[Cancel] = None,
) -> str: ...
def probe(data: Union[bytes, Bytes, Any]) -> str: ...
def input_limit(json: Optional[str], read: int) -> int: ...
def given_up() -> CancelledError: ...
def deadline_passed(elapsed: float, deadline: float) -> DeadlineError: ...
