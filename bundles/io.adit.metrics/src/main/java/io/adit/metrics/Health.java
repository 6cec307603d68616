package io.adit.metrics;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.adit.api.Check;
import io.adit.api.HealthSource;
import io.adit.api.MetricSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the parts of this container are, as a number each. As thread-safe as those that tell. */
record Health(Collection<HealthSource> sources) implements MetricSource {

    private static final Logger LOG = LoggerFactory.getLogger(Health.class);
    /** More than there are; the names are those of parts, and not of peers. */
    private static final int MOST = 200;

    @Override
    public List<Metric> metrics() {
        Map<String, Integer> worst = new TreeMap<>();
        for (HealthSource source : sources) {
            try {
                for (Check check : source.conditions()) {
                    int severity = severity(check.state());
                    if (severity >= 0 && (worst.size() < MOST || worst.containsKey(check.name()))) {
                        worst.merge(check.name(), severity, Math::max);
                    }
                }
            } catch (RuntimeException e) {
                LOG.debug("{} says nothing", source.getClass().getName(), e); // its bundle may be going away
            }
        }
        return worst.entrySet().stream().map(each -> Metric.gauge("adit_health",
                "How a part is, the worst of several: 0 as it should be, 1 somebody should look, 2 it does not work now and comes back by itself, 3 it does not work.",
                each.getValue()).with("check", each.getKey())).toList();
    }

    /** Negative for what was not looked at. */
    private static int severity(Check.State state) {
        return switch (state) {
            case OK -> 0;
            case WARN -> 1;
            case WAIT -> 2;
            case FAIL -> 3;
            case SKIPPED -> -1;
        };
    }
}
