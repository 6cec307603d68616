package io.adit.proxy;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

import io.adit.api.PeerManager;
import io.adit.api.PeerSession;
import io.adit.api.RegistrationManager;
import io.adit.gate.Gate;

/** The two services of the registry, which come and go together; requests wait for them. Thread-safe. */
final class Registry implements AutoCloseable {

    /** Both, as they are at one moment. */
    record Services(PeerManager peers, RegistrationManager registrations) {
    }

    private final Gate<Services> gate;
    private PeerManager peers;
    private RegistrationManager registrations;
    private volatile Services now;

    Registry(Duration hold, int most) {
        gate = new Gate<>(hold, most);
    }

    synchronized void set(PeerManager manager) {
        peers = manager;
        changed();
    }

    synchronized void unset(PeerManager manager) {
        if (peers == manager) {
            peers = null;
            changed();
        }
    }

    synchronized void set(RegistrationManager manager) {
        registrations = manager;
        changed();
    }

    synchronized void unset(RegistrationManager manager) {
        if (registrations == manager) {
            registrations = null;
            changed();
        }
    }

    private void changed() {
        Services before = now;
        now = peers == null || registrations == null ? null : new Services(peers, registrations);
        if (now != null) {
            gate.open(now);
        }
        if (before != null) {
            gate.shut(before);
        }
    }

    /** Runs the task with the services, now or when they are back; else refuses it. */
    void pass(Consumer<Services> task, Runnable refused) {
        gate.pass(task, refused);
    }

    /** Another session of the name that takes a stream now; none while the registry is away. */
    Optional<PeerSession> other(String name, PeerSession than) {
        Services services = now;
        return services == null ? Optional.empty() : services.peers().other(name, than);
    }

    /** The session of a name, now or when it is back; a registry that ends while somebody waits there is not the last word. */
    void await(String name, Consumer<Optional<PeerSession>> found) {
        pass(services -> ask(services, name, found), () -> found.accept(Optional.empty()));
    }

    private void ask(Services services, String name, Consumer<Optional<PeerSession>> found) {
        CompletionStage<Optional<PeerSession>> answer = services.peers().await(name);
        answer.whenComplete((session, failure) -> {
            if (failure == null && session.isEmpty() && now != services) {
                await(name, found);
            } else {
                found.accept(failure == null ? session : Optional.empty());
            }
        });
    }

    @Override
    public void close() {
        gate.close();
    }
}
