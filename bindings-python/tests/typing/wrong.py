"""What type checkers have to refuse: each line needs its exception, or they say that it is not needed."""

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
