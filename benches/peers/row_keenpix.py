"""The runner for the Python package, used as its users do: bytes in, bytes out."""

from runner import run


def load():
    import keenpix

    def work(data, plans):
        return [output.data for output in keenpix.transform_many(data, plans)]

    return f"keenpix {keenpix.__version__} (Python)", work


run(load)
