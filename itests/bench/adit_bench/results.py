"""What was measured, and the figures that follow from it. Pure: no I/O."""
import statistics


class Results:
    """The samples of a run: for each system and metric, one value a round; and the errors, which make values invalid."""

    def __init__(self):
        self._samples = {}
        self._errors = []

    def add(self, system, round_number, values):
        """Notes the values {metric: value} of one system in one round; None values are left out."""
        for metric, value in values.items():
            if value is not None:
                self._samples.setdefault((system, metric), {})[round_number] = value

    def add_error(self, system, round_number, measure, metrics, message):
        """Notes that a measure failed: all its metrics are invalid for this system, whatever other rounds gave."""
        self._errors.append({"system": system, "round": round_number, "measure": measure, "metrics": list(metrics),
                             "message": message})

    @property
    def errors(self):
        return list(self._errors)

    def is_invalid(self, system, metric):
        return any(error["system"] == system and metric in error["metrics"] for error in self._errors)

    def samples(self, system, metric):
        """{round: value}"""
        return dict(self._samples.get((system, metric), {}))

    def median(self, system, metric):
        """The median of the rounds, or None when nothing valid was measured."""
        return None if self.is_invalid(system, metric) else median(self.samples(system, metric).values())

    def ratio(self, system, base, metric):
        """The median over the rounds of this system's value divided by the base's of the same round, or None."""
        if self.is_invalid(system, metric) or self.is_invalid(base, metric):
            return None
        return paired_ratio(self.samples(system, metric), self.samples(base, metric))

    def spread(self, system, metric):
        """(smallest, largest) of the rounds, or None when nothing valid was measured."""
        values = self.samples(system, metric).values()
        return None if self.is_invalid(system, metric) or not values else (min(values), max(values))


def median(values):
    """The median, or None of nothing."""
    values = list(values)
    return statistics.median(values) if values else None


def paired_ratio(values, base):
    """The median of values[r] / base[r] over the rounds r that both have; None when there is none, or a base is not positive."""
    rounds = values.keys() & base.keys()
    if any(base[number] <= 0 for number in rounds):
        return None
    return median(values[number] / base[number] for number in rounds)
