package io.adit.diag;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.adit.api.LocalAnswers;
import io.adit.way.check.VisitorCheck;
import org.osgi.service.component.annotations.Component;

/** Tells this proxy's time, so that a peer can compare its own. Stateless. */
@Component
public final class ProxyTime implements LocalAnswers {

    @Override
    public Optional<String> answer(String host, String path) {
        return Optional.empty();
    }

    @Override
    public Optional<CompletionStage<Page>> page(String method, String host, String path) {
        if (!path.equals(VisitorCheck.TIME_PATH) || !method.equals("GET")) {
            return Optional.empty();
        }
        Instant now = Instant.now();
        return Optional.of(CompletableFuture.completedFuture(new Page(200, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Adit</title></head>"
                + "<body><p>This is an Adit proxy; its time is <time datetime=\"" + now + "\">" + now + "</time>.</p></body></html>\n")));
    }
}
