"""Code that type checkers must reject: if a line needed no exception, they would say so."""

import keenpix
from keenpix.plan import Plan

misspelt: Plan = {"resize": {"widht": 512}}  # type: ignore
unknown: Plan = {"resise": {"width": 512}}  # type: ignore
keenpix.transform(b"", resize={"width": "512"})  # type: ignore
keenpix.transform(b"", encode={"format": "png", "chroma": "4:4:4"})  # type: ignore
keenpix.transform(b"", encode={"quality": 80})  # type: ignore
keenpix.transform(b"", resize={"fit": "covr"})  # type: ignore
keenpix.transform(b"", resise={"width": 512})  # type: ignore
keenpix.transform(b"", effects=[{"effect": "blurr"}])  # type: ignore
keenpix.transform(b"", limits={"pixel": 1})  # type: ignore
keenpix.transform_many(b"", {"resize": {"width": 512}})  # type: ignore
keenpix.transform(3)  # type: ignore
