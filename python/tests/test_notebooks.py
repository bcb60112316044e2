"""The notebooks run from top to bottom, and their figures have data in them."""
import contextlib
import importlib.util
import io
import os
import tempfile
import unittest
import warnings

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.path.join(os.path.dirname(HERE), "notebooks")

try:
    import gymnasium  # noqa: F401
    import marimo  # noqa: F401
    import matplotlib

    matplotlib.use("Agg")
except ImportError as error:
    missing = str(error)
else:
    missing = ""


def run(name):
    """What the cells of a notebook define."""
    spec = importlib.util.spec_from_file_location(name, os.path.join(FOLDER, name + ".py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of marimo's parts
        return module.app.run()[1]


@unittest.skipIf(missing, missing)
class Notebooks(unittest.TestCase):
    def shows(self, figure, n_axes):
        self.assertEqual(len(figure.axes), n_axes)
        for axes in figure.axes:
            self.assertTrue(axes.has_data())
            self.assertTrue(axes.get_xlabel() or axes.get_ylabel() or axes.get_yticklabels())
        figure.savefig(io.BytesIO(), format="png")

    def test_all_are_tested(self):
        tested = {name[len("test_"):] for name in dir(self) if name.startswith("test_")}
        files = {name[:-3] for name in os.listdir(FOLDER) if name.endswith(".py")}
        self.assertEqual(files - tested, set())

    def test_first_agent(self):
        found = run("first_agent")
        self.shows(found["figure"], 1)
        self.assertTrue(found["result"].solved)
        self.assertEqual((found["falls_right"], found["falls_left"]), (1, 0))

    def test_compare_rules(self):
        found = run("compare_rules")
        self.shows(found["figure"], 2)
        mean = {name: result.statistics.return_iqm for name, result in found["results"].items()}
        self.assertGreater(mean["pgcn"], 2 * mean["hidden layer frozen"])

    def test_look_inside(self):
        found = run("look_inside")
        self.shows(found["figure"], 3)
        self.shows(found["eligibility_figure"], 2)
        self.assertEqual(found["spikes"].shape, (400, 24))
        moved = found["after"] - found["before"]
        self.assertTrue(moved[0] > 0 > moved[1], moved)

    def test_own_environment(self):
        found = run("own_environment")
        self.shows(found["figure"], 1)
        self.assertGreater(min(found["result"].returns), found["at_random"] + 3)

    def test_paper_figure(self):
        with tempfile.TemporaryDirectory() as folder:
            os.environ["FIGURE_FOLDER"] = folder
            found = run("paper_figure")
            self.assertEqual(set(os.listdir(folder)), {"figure.pdf", "figure.npz", "settings.txt"})
        self.shows(found["figure"], 2)


if __name__ == "__main__":
    unittest.main()
