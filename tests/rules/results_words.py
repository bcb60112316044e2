#!/usr/bin/env python3
"""What the pages of results make of figures: what controls say, by rule, and whose rows it marks.

    results_words.py ROOT"""
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(sys.argv.pop(), "tools"))
import data_file  # noqa: E402 (tools is no package)
import result_page  # noqa: E402 (tools is no package)
import result_words  # noqa: E402

PLAN = {"control": [{"title": "frozen", "says": ["as well", "helps", "has to learn"]},
                    {"title": result_words.SHUFFLED, "says": ["nothing", "part", ""]}]}


def seeds(finals, threshold):
    return [{"seed": 1000 + k, "solved": final >= threshold, "final_return": final, "hash": f"{final} {k}"}
            for k, final in enumerate(finals)]


def row(finals, threshold, method="some", name="a row", **controls):
    outcome = {"seeds": seeds(finals, threshold), "iqm_low": min(finals), "iqm_high": max(finals)}
    found = [{"title": title.replace("_", " "), "seeds": seeds(made, threshold)}
             for title, made in controls.items()]
    return {"name": name, "command": f"hedon train task --method {method}", "outcome": outcome,
            "controls": found}


def words(one, *others):
    return result_words.words_of(one, [one, *others], PLAN)


class Words(unittest.TestCase):
    def test_a_control_that_comes_as_far(self):
        one = row([500] * 10, 475, frozen=[499] * 5, shuffled_signal=[9] * 5)
        self.assertEqual(words(one), ["as well"])

    def test_a_row_that_is_a_control_says_so(self):
        plan = PLAN | {"experiment": [{"name": "random", "no_controls": "is a control"}, {"name": "a row"}]}
        said = []
        for name in ("random", "a row"):
            one = row([500] * 10, 475, name=name)
            del one["controls"]
            said.append((result_page.control_cell(one, plan), result_words.words_of(one, [one], plan)))
        self.assertEqual(said, [("-", ["is a control"]), ("not measured", ["controls not measured"])])

    def test_a_control_that_fails(self):
        one = row([500] * 10, 475, frozen=[110] * 5, shuffled_signal=[9] * 5)
        self.assertEqual(words(one), ["has to learn"])

    def test_a_control_that_solves_none_but_returns_much(self):
        one = row([1.08] * 10, 1.05, frozen=[1.03] * 5, shuffled_signal=[0] * 5)
        self.assertEqual(words(one), ["helps"])

    def test_where_few_are_solved_the_return_tells(self):
        one = row([-120] * 10, -110, frozen=[-121] * 5, shuffled_signal=[-200] * 5)
        self.assertEqual(words(one), ["as well"])

    def test_what_learns_nothing_says_only_that(self):
        one = row([-200] * 10, -110, frozen=[-199] * 5, shuffled_signal=[-200] * 5)
        one["outcome"]["seeds"][0]["hash"] = "own"
        for control in one["controls"]:
            for seed in control["seeds"]:
                seed["hash"] = control["title"]
        self.assertEqual(words(one), ["nothing"])

    def test_a_control_that_changes_no_hash_concerns_another_part(self):
        one = row([500] * 5, 475, frozen=[500] * 5)
        self.assertEqual(words(one), ["no control applies"])

    def test_controls_that_are_there_and_decide_nothing(self):
        one = row([-200, -200, -110], -110, frozen=[-150] * 3)
        self.assertEqual(words(one), ["undecided: too few seeds solve it"])

    def test_a_shuffled_signal_alone_that_teaches_nothing(self):
        one = row([500] * 5, 475, shuffled_signal=[9] * 5)
        self.assertEqual(words(one), ["learns from its signal"])

    def test_what_was_not_measured_is_not_called_missing(self):
        one = row([500] * 5, 475)
        del one["controls"]
        self.assertEqual(words(one), ["controls not measured"])
        self.assertEqual(result_page.control_cell(one, PLAN), "not measured")

    def test_a_row_beside_units_that_do_not_spike(self):
        spiking = row([500, 510], 475, method="ppo")
        for finals, said in (([400, 450], "better"), ([505, 520], "as good as"), ([600, 610], "worse")):
            bare = row(finals, 475, method="ppo-relu")
            self.assertTrue(words(spiking, bare)[0].startswith(said), words(spiking, bare))

    def test_rows_of_an_older_commit_are_marked(self):
        new, old = ({"made_by": made, "date": date} for made, date in
                    (("commit b", "2026-11-29"), ("commit a", "2026-11-22")))
        said = result_page.mark_makers([new, old])
        self.assertTrue(said.startswith("commit b") and "[1] commit a" in said, said)
        self.assertEqual((new["mark"], old["mark"]), ("", " [1]"))

    def test_data_are_read_as_they_were_written(self):
        rows = {"method": "a", "seeds": [{"seed": k, "solved": k > 1, "returns": [0.5, None]} for k in range(4)]}
        data = {"generated_by": "nobody", "results": [rows, {"failed": "no memory"}], "rows": {"x y": {"cpu_s": 1.25}}}
        with tempfile.TemporaryDirectory() as folder:
            data_file.write(f"{folder}/some.json", data)
            self.assertEqual(data_file.read(f"{folder}/some.json"), data)
        self.assertEqual(data_file.text(data).count("solved"), 1)
        self.assertEqual(data_file.rounded(1061.850251765725), 1061.85)


if __name__ == "__main__":
    unittest.main()
