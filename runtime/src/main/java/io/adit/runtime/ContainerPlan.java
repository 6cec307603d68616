package io.adit.runtime;

import java.util.Set;

/** What makes one kind of container differ from the others: its configuration and what its READY line says. */
interface ContainerPlan {

    /** Names the feature and the ready services: {@code proxy}, {@code peer} or {@code registry}. */
    String role();

    /** Brings the flags of the command line and the defaults of the feature together; nothing is written yet. */
    void configure(EtcFolder etc, Feature feature) throws CommandFailure;

    /** Fails when a port of the finished configuration is taken. */
    void checkPorts(EtcFolder etc) throws CommandFailure;

    /** The service properties of the READY line, in order. */
    Set<String> readyKeys();

    /** Whether this container has an admin port. */
    boolean hasAdminPort();

    /** Whether a container all of whose parts are satisfied may take longer than the start timeout (for a far end, say). */
    boolean mayWait();
}
