"""The tools that make load: wrk for many requests, curl for single large ones; and how their output is read."""
import os
import pathlib
import shutil
import subprocess

# What every request names; Adit routes by it, the others take no notice.
HOST = "bench.localhost"
# Time that a tool gets beyond the time it was told to run for.
GRACE_SECONDS = 20
WRK_SCRIPT = pathlib.Path(__file__).with_name("wrk.lua")
WRK_FIELDS = ("requests", "microseconds", "bytes", "p50", "p99", "p999",
              "connect_errors", "read_errors", "write_errors", "timeouts", "status_errors")
CURL_FORMAT = "%{http_code} %{size_download} %{size_upload} %{time_total}\n"


class Invalid(Exception):
    """A load met errors: what was measured must not be used. The message counts them."""


def missing_tools():
    """The names of the tools that are not installed."""
    return [name for name in ("wrk", "curl") if shutil.which(name) is None]


def first_line(command, env=None):
    """The first line that a program prints (versions are printed on either stream), or why there is none."""
    try:
        done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=GRACE_SECONDS, env=env, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"unknown ({error})"
    return (done.stdout.strip().splitlines() or ["unknown"])[0]


def wrk(url, connections, seconds, body_bytes, delay_ms=None):
    """Runs wrk; returns its numbers (times in microseconds) or raises Invalid.

    With delay_ms each connection waits that long, on average, between an answer and its next request.
    """
    command = ["wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s", "--timeout", "10s",
               "--header", f"Host: {HOST}", "--script", str(WRK_SCRIPT), url]
    env = {**os.environ, "BENCH_DELAY_MS": "" if delay_ms is None else str(delay_ms)}
    return parse_wrk(_run(command, seconds, env), body_bytes)


def parse_wrk(output, body_bytes):
    """Reads the line that wrk.lua prints. Invalid when there were errors, no requests, or too few bytes for the bodies."""
    line = next((line for line in output.splitlines() if line.startswith("BENCH ")), None)
    if line is None:
        raise Invalid("wrk gave no result: " + " ".join(output.split()[-20:]))
    values = dict(pair.split("=", 1) for pair in line.split()[1:])
    if set(values) != set(WRK_FIELDS):
        raise Invalid(f"not the fields of wrk.lua: {line}")
    numbers = {name: float(value) for name, value in values.items()}
    errors = {name: int(numbers[name]) for name in WRK_FIELDS if name.endswith(("errors", "timeouts")) and numbers[name]}
    if errors:
        raise Invalid(", ".join(f"{count} {name.replace('_', ' ')}" for name, count in errors.items())
                      + f" in {int(numbers['requests'])} requests")
    if numbers["requests"] == 0:
        raise Invalid("no request was answered")
    if numbers["bytes"] < numbers["requests"] * body_bytes:
        raise Invalid(f"{int(numbers['bytes'])} bytes are too few for {int(numbers['requests'])} bodies of {body_bytes}")
    return numbers


def download(url, expected_bytes, seconds):
    """One GET with curl, its body dropped; returns MiB/s or raises Invalid."""
    return parse_curl(_run([*curl(seconds), "--output", os.devnull, url], seconds), expected_bytes, "download")


def upload(url, file, expected_bytes, seconds):
    """One POST with curl of a whole file, of known length; returns MiB/s or raises Invalid."""
    output = _run([*curl(seconds), "--request", "POST", "--upload-file", str(file), url], seconds)
    answer, _, figures = output.rstrip("\n").rpartition("\n")
    rate = parse_curl(figures, expected_bytes, "upload")
    if answer.strip() != str(expected_bytes):
        raise Invalid(f"the origin counted {answer.strip()!r} bytes, not {expected_bytes}")
    return rate


def curl(seconds):
    """A curl command line without its address: our Host, no wait for 100-continue, a bounded time."""
    return ["curl", "--silent", "--show-error", "--noproxy", "*", "--max-time", str(seconds), "--header", f"Host: {HOST}",
            "--header", "Expect:", "--write-out", CURL_FORMAT]


def parse_curl(output, expected_bytes, direction):
    """Reads CURL_FORMAT's line, the last of the output; returns MiB/s."""
    try:
        code, down, up, time = output.strip().splitlines()[-1].split()
        size, elapsed = int(float(down if direction == "download" else up)), float(time.replace(",", "."))
    except (IndexError, ValueError) as error:
        raise Invalid(f"curl gave no result: {output.strip()!r}") from error
    if code != "200" or size != expected_bytes:
        raise Invalid(f"{direction}: status {code}, {size} of {expected_bytes} bytes")
    return size / (1 << 20) / elapsed


def _run(command, seconds, env=None):
    """Runs a load tool to its end and returns its output; it is killed when it takes much longer than it was told to."""
    try:
        return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              timeout=seconds + GRACE_SECONDS, env=env, check=False).stdout
    except subprocess.TimeoutExpired as error:
        raise Invalid(f"{command[0]} did not end within {seconds + GRACE_SECONDS} s") from error
