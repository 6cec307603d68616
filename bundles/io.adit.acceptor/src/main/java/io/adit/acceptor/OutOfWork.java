package io.adit.acceptor;

import java.util.List;

import io.adit.api.Check;
import io.adit.api.HealthSource;

/** How the tunnel's port is when it cannot be had. Immutable. No record, as {@link Condition}. */
final class OutOfWork implements HealthSource {

    private final String fault;

    /** @param fault one line */
    OutOfWork(String fault) {
        this.fault = fault;
    }

    @Override
    public List<Check> conditions() {
        return List.of(HealthSource.bad("tunnel-port", Check.State.FAIL, fault,
                "No peer can connect. Choose a port that is free and an address of this machine (port and bind.address of io.adit.acceptor), or end what has the port."));
    }
}
