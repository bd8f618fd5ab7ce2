#!/usr/bin/env bash
# Compares the Python package (the wheel in out/wheels, from `make wheel`) with Pillow, pyvips and Pillow-SIMD, each in
# an empty environment below .cache, on rows 1, 2, 3, 5, 6 and 7 unless arguments say otherwise. Then measures its
# throughput on several threads. Pillow-SIMD is built from source, which needs gcc and the development files of zlib,
# libjpeg and libwebp; without them it is left out, unless PILLOW_SIMD_PYTHON names an interpreter that has it.
# SSIMULACRA2 needs: cargo build --release -p keenpix-benches --features peers
set -euo pipefail
cd "$(dirname "$0")/../.."
environment() { # name, packages…
    [ -e ".cache/$1/bin/python" ] || python3 -m venv ".cache/$1"
    ".cache/$1/bin/python" -m pip install --quiet --disable-pip-version-check "${@:2}"
}
environment peers-python --constraint bindings-python/requirements.txt numpy pillow 'pyvips[binary]'
environment peers-python --no-deps --force-reinstall out/wheels/keenpix-*.whl
if [ -n "${PILLOW_SIMD_PYTHON:-}" ]; then
    : # built elsewhere
elif CC="cc -mavx2" environment peers-simd --no-binary pillow-simd pillow-simd; then
    export PILLOW_SIMD_PYTHON=$PWD/.cache/peers-simd/bin/python
else
    echo "Pillow-SIMD does not build here and is left out." >&2
fi
python=.cache/peers-python/bin/python
[ $# -gt 0 ] || set -- --rows 1,2,3,5,6,7
"$python" benches/peers/compare.py --runners "keenpix-python,Pillow,${PILLOW_SIMD_PYTHON:+Pillow-SIMD,}pyvips" \
    --ours keenpix-python --match Pillow --out out/peers-python "$@"
inputs=${KEENPIX_BENCH_INPUTS:-.cache/bench-inputs}
"$python" benches/peers/threads.py "$inputs/photo-2725x2225.jpg"
