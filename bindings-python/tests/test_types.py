"""The types match the core's schema, and type checkers accept both the types and the package."""

import pathlib
import subprocess
import sys

import keenpix

HERE = pathlib.Path(__file__).resolve().parents[1]
STUBS = sorted(str(path) for path in (HERE / "python" / "keenpix").glob("*.pyi"))


def run(*command):
    done = subprocess.run([sys.executable, *command], cwd=HERE, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_types_are_the_schema_s():
    run("scripts/generate_types.py", "--check")


def test_an_old_file_is_found_and_the_command_named(tmp_path):
    import shutil

    copy = tmp_path / "bindings-python"
    for folder in ("scripts", "python/keenpix"):
        shutil.copytree(HERE / folder, copy / folder, ignore=shutil.ignore_patterns("*.so", "__pycache__"))
    (tmp_path / "core").mkdir()
    schema = (HERE.parent / "core" / "plan.schema.json").read_text()
    (tmp_path / "core" / "plan.schema.json").write_text(schema.replace('"kernel"', '"filter"'))
    command = [sys.executable, "scripts/generate_types.py"]
    done = subprocess.run([*command, "--check"], cwd=copy, capture_output=True, text=True)
    assert done.returncode == 1
    assert "keenpix/plan.py is out of date; update it with: python bindings-python/scripts" in done.stderr
    subprocess.run(command, cwd=copy, check=True)
    assert "    filter: Kernel" in (copy / "python" / "keenpix" / "plan.py").read_text()
    subprocess.run([*command, "--check"], cwd=copy, check=True)


def test_mypy():
    run("-m", "mypy", "--strict", "tests/typing", "python/keenpix/plan.py", *STUBS)


def test_pyright():
    assert "0 errors, 0 warnings" in run("-m", "pyright", "--pythonpath", sys.executable)


def test_stubs():
    allowed = ("--allowlist", "tests/typing/stubtest-allowlist.txt", "--ignore-unused-allowlist")
    run("-m", "mypy.stubtest", "keenpix", *allowed)


def test_the_stub_lists_what_there_is(photo):
    import ast

    stub = ast.parse((HERE / "python" / "keenpix" / "__init__.pyi").read_text())
    classes = {node.name: node for node in stub.body if isinstance(node, ast.ClassDef)}

    def fields(name):
        return {node.target.id for node in classes[name].body if isinstance(node, ast.AnnAssign)} - {"__hash__"}

    assert fields("Info") == set(keenpix.probe(photo).to_dict())
    assert fields("Output") == set(keenpix.Output.__slots__)
    for name in fields("_Limits"):
        assert keenpix.probe(photo, limits={name: 1 << 20}).width == 1632


def test_the_package_s_names():
    assert set(keenpix.__all__) <= set(dir(keenpix))
    assert keenpix.__version__
