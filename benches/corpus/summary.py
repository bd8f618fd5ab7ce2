"""The summary of a corpus run: each goal with its figure, then the differences by cause, most frequent first."""

import re
from collections import Counter, defaultdict

REFUSED = ("error", "error-or-partial")
BAD = ("INTERNAL", "ABORT", "TIMEOUT")
PATHS_SHOWN = 4


def of(rows):
    """The text, and whether every goal was met."""
    goals, lines = [], []
    for title, figure, good in measures(rows):
        goals.append(good)
        lines.append(f"{'ok  ' if good else 'MISS'}  {title}: {figure}")
    lines += ["", *outcomes(rows)]
    for title, causes in differences(rows):
        lines += ["", f"## {title}: {sum(len(paths) for paths in causes.values())}"]
        for cause, paths in sorted(causes.items(), key=lambda item: -len(item[1])):
            lines.append(f"{len(paths):5}  {cause}")
            lines += [f"         {path}" for path in paths[:PATHS_SHOWN]]
    return "\n".join(lines), all(goals)


def measures(rows):
    both = [row for row in rows if row["expect"] == "decode"]
    decoded = [row for row in both if row["truncated"] == "ok"]
    compared = [row for row in decoded if nearest(row) is not None]
    near = [row for row in compared if nearest(row) <= 4]
    refused = [row for row in rows if row["expect"] in REFUSED]
    yield at_least("files that sharp and Pillow decode, decoded", decoded, both, 0.999)
    yield at_least("of these, mean difference to one of them ≤ 4 levels", near, compared, 0.995)
    strict = [row for row in refused if row["none"] != "ok"]
    yield at_least("files that both refuse, refused under `tolerate: none`", strict, refused, 0.99)
    for title, found in (
        ("panics (INTERNAL)", with_outcome(rows, "INTERNAL")),
        ("aborts", with_outcome(rows, "ABORT")),
        ("hangs", with_outcome(rows, "TIMEOUT")),
        ("CPU over 10 s", [row for row in rows if row["cpu_s"] > 10]),
        ("peak memory over 512 MB", [row for row in rows if row["rss_mb"] > 512]),
    ):
        yield title, len(found), not found
    worst = max(rows, key=lambda row: row["rss_mb"])
    yield "largest peak memory", f"{worst['rss_mb']} MB ({worst['path']})", worst["rss_mb"] <= 512
    worst = max(rows, key=lambda row: row["cpu_s"])
    yield "most CPU", f"{worst['cpu_s']} s ({worst['path']})", worst["cpu_s"] <= 10


def outcomes(rows):
    """The number of files per class, format and outcome, under each tolerance."""
    yield "class, format, files: decoded under none / truncated / errors; how the others end under `truncated`"
    groups = defaultdict(list)
    for row in rows:
        groups[row["expect"], row["magic"]].append(row)
    for (expect, magic), group in sorted(groups.items()):
        decoded = " / ".join(str(sum(row[level] == "ok" for row in group)) for level in ("none", "truncated", "errors"))
        others = Counter(row["truncated"] for row in group if row["truncated"] != "ok")
        text = ", ".join(f"{count} {code}" for code, count in others.most_common())
        yield f"  {expect:20} {magic:9} {len(group):5}: {decoded:18} {text}"


def differences(rows):
    def causes(chosen, cause):
        found = defaultdict(list)
        for row in rows:
            if chosen(row):
                compared = row["pillow"] != "" or row["sharp"] != ""
                numbers = f"  (to Pillow {row['pillow']}, to sharp {row['sharp']})"
                found[cause(row)].append(row["path"] + (numbers if compared else ""))
        return found

    yield (
        "panics, aborts, hangs",
        causes(lambda row: any(row[level].startswith(BAD) for level in ("none", "truncated", "errors")), ours),
    )
    yield (
        "CPU over 10 s or memory over 512 MB",
        causes(
            lambda row: row["cpu_s"] > 10 or row["rss_mb"] > 512,
            lambda row: f"{row['magic']} {row['cpu_s']} s {row['rss_mb']} MB {row['truncated']}",
        ),
    )
    yield (
        "both decode, keenpix refuses",
        causes(lambda row: row["expect"] == "decode" and row["truncated"] != "ok", ours),
    )
    yield (
        "both decode, keenpix differs by more than 4 levels",
        causes(lambda row: row["expect"] == "decode" and (nearest(row) or 0) > 4, distances),
    )
    yield (
        "both decode, sizes differ or no reference",
        causes(lambda row: row["expect"] == "decode" and row["truncated"] == "ok" and nearest(row) is None, distances),
    )
    yield (
        "the peers disagree",
        causes(
            lambda row: row["expect"].startswith("decode-"),
            lambda row: ours(row) if row["truncated"] != "ok" else f"{row['magic']} {side(row)}",
        ),
    )
    yield (
        "both refuse, keenpix decodes under `tolerate: none`; what the peers say",
        causes(
            lambda row: row["expect"] in REFUSED and row["none"] == "ok",
            lambda row: f"{row['magic']} | sharp: {general(row['said_sharp'])} | pillow: {general(row['said_pillow'])}",
        ),
    )
    yield (
        "one peer decodes, keenpix refuses",
        causes(
            lambda row: row["expect"] == "either" and row["truncated"] != "ok",
            lambda row: f"{'sharp' if row['has_sharp'] else 'pillow'} decodes | {ours(row)}",
        ),
    )
    yield (
        "one peer decodes, keenpix differs from it by more than 4 levels",
        causes(lambda row: row["expect"] == "either" and (nearest(row) or 0) > 4, distances),
    )


def ours(row):
    outcomes = [row[level] for level in ("truncated", "none", "errors")]
    worst = max(outcomes, key=lambda outcome: outcome.startswith(BAD))  # the first of equals
    return f"{row['magic']} {worst}: {general(row['message'])}"


def distances(row):
    warned = row["message"].partition("warning: ")[2]
    return f"{row['magic']} {row['how']}" + (f"; warned: {general(warned)}" if warned else "")


def side(row):
    numbers = {peer: row[peer] for peer in ("pillow", "sharp") if isinstance(row[peer], float)}
    near = [peer for peer, number in numbers.items() if number <= 4]
    return f"like {' and '.join(near)}" if near else f"like neither: {row['how']}"


def nearest(row):
    numbers = [row[peer] for peer in ("pillow", "sharp") if isinstance(row[peer], (int, float))]
    return min(numbers, default=None)


def with_outcome(rows, start):
    return [row for row in rows if any(row[level].startswith(start) for level in ("none", "truncated", "errors"))]


def at_least(title, part, whole, goal):
    share = len(part) / len(whole) if whole else 1
    return title, f"{len(part)} of {len(whole)}, {share:.2%} (goal {goal:.1%})", share >= goal


def general(message):
    """The message without the parts that differ from file to file."""
    message = re.sub(r"'[^']*'|`[^`]*`|\"[^\"]*\"", "…", message)
    message = re.sub(r"0x[0-9a-fA-F]+", "N", message)
    return re.sub(r"-?\d[\d,.]*", "N", message)[:160]
