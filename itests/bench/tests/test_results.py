import json
import unittest

from adit_bench import report
from adit_bench.measures import Metric
from adit_bench.results import Results, median, paired_ratio

RATE = Metric("small_rps", "small requests/s", "higher", 0)


def results(**systems):
    """Results with small_rps of the given systems, one value a round, rounds from 1."""
    made = Results()
    for system, values in systems.items():
        for number, value in enumerate(values, 1):
            made.add(system, number, {"small_rps": value})
    return made


class Statistics(unittest.TestCase):
    def test_median(self):
        self.assertEqual(2, median([3, 1, 2]))
        self.assertEqual(2.5, median([4, 1, 2, 3]))
        self.assertIsNone(median([]))

    def test_ratio_pairs_values_of_the_same_round(self):
        # The machine was half as fast in round 2: each round's ratio is 0.5 all the same.
        self.assertEqual(0.5, paired_ratio({1: 50, 2: 25, 3: 50}, {1: 100, 2: 50, 3: 100}))

    def test_ratio_uses_only_rounds_that_both_have(self):
        self.assertEqual(0.25, paired_ratio({1: 25, 2: 100}, {1: 100}))
        self.assertIsNone(paired_ratio({2: 1}, {1: 1}))

    def test_no_ratio_to_nothing(self):
        self.assertIsNone(paired_ratio({1: 1}, {1: 0}))


class ResultsTest(unittest.TestCase):
    def test_median_ratio_and_spread(self):
        seen = results(nginx=[100, 200, 100], adit=[50, 60, 70])
        self.assertEqual(60, seen.median("adit", "small_rps"))
        self.assertEqual(0.5, seen.ratio("adit", "nginx", "small_rps"))
        self.assertEqual((50, 70), seen.spread("adit", "small_rps"))

    def test_one_error_makes_the_metric_invalid_though_other_rounds_were_good(self):
        seen = results(nginx=[100, 100], adit=[50])
        seen.add_error("adit", 2, "small", ["small_rps"], "3 timeouts in 9 requests")
        self.assertIsNone(seen.median("adit", "small_rps"))
        self.assertIsNone(seen.ratio("adit", "nginx", "small_rps"))
        self.assertIsNone(seen.spread("adit", "small_rps"))
        self.assertEqual(100, seen.median("nginx", "small_rps"))

    def test_an_invalid_base_leaves_no_ratio(self):
        seen = results(nginx=[100], adit=[50])
        seen.add_error("nginx", 1, "small", ["small_rps"], "broken")
        self.assertIsNone(seen.ratio("adit", "nginx", "small_rps"))
        self.assertEqual(50, seen.median("adit", "small_rps"))

    def test_values_that_are_none_are_left_out(self):
        seen = Results()
        seen.add("nginx", 0, {"rss_peer_start": None})
        self.assertIsNone(seen.median("nginx", "rss_peer_start"))


class Report(unittest.TestCase):
    def test_cells(self):
        seen = results(nginx=[1000], adit=[432])
        self.assertEqual("1000", report.cell(seen, "nginx", "nginx", RATE))
        self.assertEqual("432 (0.43)", report.cell(seen, "adit", "nginx", RATE))
        self.assertEqual("-", report.cell(seen, "ssh-R", "nginx", RATE))
        seen.add_error("adit", 1, "small", ["small_rps"], "broken")
        self.assertEqual("invalid", report.cell(seen, "adit", "nginx", RATE))
        self.assertEqual("invalid", report.spread_cell(seen, "adit", RATE))

    def test_grid_is_a_markdown_table_with_even_columns(self):
        self.assertEqual("|     | nginx |\n|-----|------:|\n| a   |     1 |\n| bcd |    22 |",
                         report.grid(["", "nginx"], [["a", "1"], ["bcd", "22"]]))

    def test_tables_print_errors_with_system_round_and_message(self):
        seen = results(nginx=[1000], adit=[432])
        seen.add_error("adit", 1, "small", ["small_rps"], "3 timeouts in 9 requests")
        text = report.tables(seen, ["nginx", "adit"])
        self.assertIn("- adit (load and round: small 1): 3 timeouts in 9 requests", text)
        self.assertRegex(text, r"\+ small requests/s +\| +1000 \| +invalid \|")

    def test_an_error_that_repeats_is_one_line(self):
        seen = Results()
        for number, measure, message in ((1, "page", "ended"), (2, "small", "ended"), (2, "page", "slow")):
            seen.add_error("adit", number, measure, [], message)
        self.assertEqual(["- adit (load and round: page 1, small 2): ended", "- adit (load and round: page 2): slow"],
                         report.error_lines(seen.errors))

    def test_json_has_samples_medians_and_ratios(self):
        seen = results(nginx=[1000, 2000], adit=[500, 500])
        read = json.loads(report.as_json({"cores": 2}, seen, ["nginx", "adit"], True))
        adit = read["systems"]["adit"]["small_rps"]
        self.assertEqual({"1": 500, "2": 500}, adit["samples"])
        self.assertEqual((500, 0.375, True), (adit["median"], adit["ratio"], adit["valid"]))
        self.assertEqual(2, read["environment"]["cores"])


if __name__ == "__main__":
    unittest.main()
