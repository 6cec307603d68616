"""The result as text (Markdown tables that read as they are) and as JSON."""
import json

from adit_bench.measures import MEASURES, MEMORY

ARROWS = {"higher": "+", "lower": "-"}
METRICS = tuple(metric for measure in MEASURES for metric in measure.metrics) + MEMORY


def tables(results, systems):
    """All of the report that comes from measuring: medians and ratios, their spread, errors."""
    base = systems[0]
    text = [f"Medians; in brackets the ratio to {base} (+: more is better, -: less is better)", "",
            grid(["", *systems], [[f"{ARROWS[metric.better]} {metric.title}",
                                   *(cell(results, system, base, metric) for system in systems)] for metric in METRICS]),
            "", "Smallest .. largest of the rounds", "",
            grid(["", *systems], [[metric.title, *(spread_cell(results, system, metric) for system in systems)]
                                  for measure in MEASURES for metric in measure.metrics])]
    if results.errors:
        text += ["", "Errors (what they touch is invalid):"]
        text += error_lines(results.errors)
    return "\n".join(text)


def error_lines(errors):
    """One line for each system and message, which names all loads that met it."""
    where = {}
    for error in errors:
        where.setdefault((error["system"], error["message"]), []).append(f"{error['measure']} {error['round']}")
    return [f"- {system} (load and round: {', '.join(places)}): {message}" for (system, message), places in where.items()]


def cell(results, system, base, metric):
    """'12345 (0.43)', 'invalid', or '-' where nothing was measured."""
    if results.is_invalid(system, metric.key):
        return "invalid"
    value = results.median(system, metric.key)
    if value is None:
        return "-"
    ratio = results.ratio(system, base, metric.key)
    return number(value, metric.digits) + (f" ({ratio:.2f})" if ratio is not None and system != base else "")


def spread_cell(results, system, metric):
    """'12000 .. 13000', 'invalid', or '-'."""
    if results.is_invalid(system, metric.key):
        return "invalid"
    spread = results.spread(system, metric.key)
    return "-" if spread is None else " .. ".join(number(value, metric.digits) for value in spread)


def number(value, digits):
    return f"{value:.{digits}f}"


def grid(header, rows):
    """A Markdown table with even columns: the first to the left, the others to the right."""
    widths = [max(len(row[column]) for row in [header, *rows]) for column in range(len(header))]

    def line(cells):
        return "| " + " | ".join(text.rjust(width) if column else text.ljust(width)
                                 for column, (text, width) in enumerate(zip(cells, widths))) + " |"

    rule = "|" + "|".join("-" * (width + 1) + (":" if column else "-") for column, width in enumerate(widths)) + "|"
    return "\n".join([line(header), rule, *map(line, rows)])


def as_json(environment, results, systems, complete):
    """Everything: the environment, and per system and metric the samples, median, ratio and validity."""
    return json.dumps({
        "environment": environment,
        "complete": complete,
        "base": systems[0] if systems else None,
        "systems": {system: {metric.key: {
            "title": metric.title,
            "better": metric.better,
            "valid": not results.is_invalid(system, metric.key),
            "median": results.median(system, metric.key),
            "ratio": results.ratio(system, systems[0], metric.key),
            "samples": results.samples(system, metric.key),
        } for metric in METRICS} for system in systems},
        "errors": results.errors,
    }, indent=2) + "\n"
