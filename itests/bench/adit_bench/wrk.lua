-- Prints wrk's result as one line for a program to read. BENCH_DELAY_MS, when set, paces the load: each connection waits
-- that long, on average, between an answer and its next request (evenly spread from half to one and a half times of it, so
-- that connections do not fall into step). wrk does not count this wait as latency.

local delay_ms = tonumber(os.getenv("BENCH_DELAY_MS") or "")
if delay_ms then
    function delay()
        return math.random(math.floor(delay_ms / 2), math.ceil(delay_ms * 3 / 2))
    end
end

function done(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format(
        "BENCH requests=%d microseconds=%d bytes=%d p50=%.1f p99=%.1f p999=%.1f "
        .. "connect_errors=%d read_errors=%d write_errors=%d timeouts=%d status_errors=%d\n",
        summary.requests, summary.duration, summary.bytes,
        latency:percentile(50), latency:percentile(99), latency:percentile(99.9),
        errors.connect, errors.read, errors.write, errors.timeout, errors.status))
end
