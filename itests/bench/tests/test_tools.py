import unittest

from adit_bench.tools import Invalid, parse_curl, parse_wrk

GOOD = ("BENCH requests=1000 microseconds=2000000 bytes=1300000 p50=150.0 p99=900.5 p999=2000.0 "
        "connect_errors=0 read_errors=0 write_errors=0 timeouts=0 status_errors=0\n")
WRK = "Running 2s test @ http://127.0.0.1:1/small\n  1 threads and 64 connections\n" + GOOD


class ParseWrk(unittest.TestCase):
    def test_reads_the_result_line_among_wrks_own_output(self):
        numbers = parse_wrk(WRK, 1024)
        self.assertEqual(1000, numbers["requests"])
        self.assertEqual(2_000_000, numbers["microseconds"])
        self.assertEqual((150.0, 900.5, 2000.0), (numbers["p50"], numbers["p99"], numbers["p999"]))

    def test_every_kind_of_error_makes_it_invalid_and_is_counted(self):
        for field in ("connect_errors", "read_errors", "write_errors", "timeouts", "status_errors"):
            with self.subTest(field), self.assertRaisesRegex(Invalid, f"7 {field.replace('_', ' ')} in 1000 requests"):
                parse_wrk(WRK.replace(f"{field}=0", f"{field}=7"), 1024)

    def test_several_kinds_of_errors_are_all_named(self):
        with self.assertRaisesRegex(Invalid, "3 read errors, 4 status errors"):
            parse_wrk(WRK.replace("read_errors=0", "read_errors=3").replace("status_errors=0", "status_errors=4"), 1024)

    def test_no_requests_is_invalid(self):
        with self.assertRaisesRegex(Invalid, "no request"):
            parse_wrk(WRK.replace("requests=1000", "requests=0"), 1024)

    def test_bodies_that_are_too_short_are_invalid(self):
        parse_wrk(WRK, 1300)
        with self.assertRaisesRegex(Invalid, "too few"):
            parse_wrk(WRK, 1301)

    def test_output_without_a_result_is_invalid_and_quoted(self):
        with self.assertRaisesRegex(Invalid, "Connection refused"):
            parse_wrk("unable to connect to 127.0.0.1:1 Connection refused\n", 1024)

    def test_a_missing_field_is_invalid(self):
        with self.assertRaisesRegex(Invalid, "not the fields"):
            parse_wrk(WRK.replace("timeouts=0 ", ""), 1024)


class ParseCurl(unittest.TestCase):
    def test_rate_of_a_download(self):
        self.assertAlmostEqual(2.0, parse_curl("200 1048576 0 0.5\n", 1 << 20, "download"))

    def test_rate_of_an_upload_counts_what_was_sent(self):
        self.assertAlmostEqual(4.0, parse_curl("200 8 1048576 0.25\n", 1 << 20, "upload"))

    def test_the_last_line_counts(self):
        self.assertAlmostEqual(1.0, parse_curl("curl: (18) something\n200 1048576 0 1.0\n", 1 << 20, "download"))

    def test_another_status_is_invalid(self):
        with self.assertRaisesRegex(Invalid, "status 502"):
            parse_curl("502 1048576 0 0.5\n", 1 << 20, "download")

    def test_a_cut_transfer_is_invalid(self):
        with self.assertRaisesRegex(Invalid, "1048575 of 1048576 bytes"):
            parse_curl("200 1048575 0 0.5\n", 1 << 20, "download")

    def test_no_output_is_invalid(self):
        for output in ("", "\n", "curl: (7) Failed to connect\n"):
            with self.subTest(output), self.assertRaisesRegex(Invalid, "no result"):
                parse_curl(output, 1, "download")


if __name__ == "__main__":
    unittest.main()
