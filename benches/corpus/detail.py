"""How fine a JPEG's components are: what lies between their samples is up to each decoder."""

import math

FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
PROGRESSIVE = (0xC2, 0xCA)
ALONE = {0x01, *range(0xD0, 0xDA)}


def cells(data):
    """For each component, the pixels across and down that are compared as one; `None` if that is each alone.

    - A component with fewer samples than another is interpolated: libjpeg repeats samples or blends two of them,
      keenpix resamples with the plan's kernel. Two samples are compared as one, because each reaches into the next.
    - A progressive file may end before the coefficients of a component have arrived. libjpeg then guesses the first
      ones from the means of the neighbouring blocks, keenpix shows the means: all that is known is a sample per
      block. If nothing but means has arrived, libjpeg blurs these too, over five blocks.
    """
    frame, sampling, arrived, at = 0, {}, {}, 2
    while at + 4 <= len(data):
        if data[at] != 0xFF or data[at + 1] in (0x00, 0xFF) or data[at + 1] in ALONE:
            at += 1
            continue
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        body = data[at + 4 : at + 2 + length]
        if marker in FRAMES and not sampling and len(body) >= 6 + 3 * body[5]:
            frame = marker
            sampling = {body[i]: (body[i + 1] >> 4, body[i + 1] & 15) for i in range(6, 6 + 3 * body[5], 3)}
        elif marker == 0xDA and body and len(body) >= 4 + 2 * body[0]:
            start, end, low = body[-3], body[-2], body[-1] & 15
            for component in body[1 : 1 + 2 * body[0] : 2]:
                arrived.setdefault(component, {}).update((k, low) for k in range(start, min(end, 63) + 1))
        at += 2 + max(length, 2)
    if len(sampling) != 3 or not all(h and v for h, v in sampling.values()):
        return None
    most = [max(factors) for factors in zip(*sampling.values())]
    found = []
    for component, factors in sampling.items():
        known = arrived.get(component, {})
        # libjpeg looks at the first nine coefficients after the mean.
        first = [known.get(k, -1) for k in range(1, 10)]
        guessed = 1 if frame not in PROGRESSIVE or not any(first) else 40 if set(first) == {-1} else 8
        ratios = [most[i] // math.gcd(most[i], factors[i]) for i in (0, 1)]
        found.append([guessed * (1 if ratio == 1 else 2 * ratio) for ratio in ratios])
    return None if all(cell == [1, 1] for cell in found) else found
