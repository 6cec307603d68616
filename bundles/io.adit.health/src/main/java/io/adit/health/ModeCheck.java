package io.adit.health;

import java.util.List;
import java.util.function.Supplier;

import io.adit.api.Check;
import io.adit.api.HealthSource;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.apache.felix.hc.api.ResultLog;

/** The health check of one way to fail: what all sources say of it. Thread-safe; it only asks for what is known. */
final class ModeCheck implements HealthCheck {

    private final Mode mode;
    private final Supplier<List<HealthSource>> sources;

    ModeCheck(Mode mode, Supplier<List<HealthSource>> sources) {
        this.mode = mode;
        this.sources = sources;
    }

    @Override
    public Result execute() {
        ResultLog log = new ResultLog();
        boolean told = false;
        for (HealthSource source : sources.get()) {
            for (Check check : source.conditions()) {
                if (check.name().equals(mode.id())) {
                    log.add(new ResultLog.Entry(status(check.state()), check.advice().isEmpty() ? check.text() : check.text() + ". " + check.advice()));
                    told = true;
                }
            }
        }
        return told ? new Result(log) : new Result(Result.Status.OK, "not in use here");
    }

    static Result.Status status(Check.State state) {
        return switch (state) {
            case OK, SKIPPED -> Result.Status.OK;
            case WARN -> Result.Status.WARN;
            case WAIT -> Result.Status.TEMPORARILY_UNAVAILABLE;
            case FAIL -> Result.Status.CRITICAL;
        };
    }
}
