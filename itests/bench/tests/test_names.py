import unittest

from adit_bench.console import milliseconds
from adit_bench.names import live_bytes

HISTOGRAM = """4711:
 num     #instances         #bytes  class name (module)
-------------------------------------------------------
   1:        245971       25731992  [B (java.base@17.0.15)
   2:         31301        5925088  [I (java.base@17.0.15)
Total       1570000       89123456
"""


class HistogramTest(unittest.TestCase):

    def test_all_living_objects_count(self):
        self.assertEqual(89123456, live_bytes(HISTOGRAM))


class FirstRowsTest(unittest.TestCase):

    def test_each_load_counts(self):
        self.assertEqual([715, 280], milliseconds("rows 715\nWARNING: of a browser\nrows 280\ndone\n"))


if __name__ == "__main__":
    unittest.main()
