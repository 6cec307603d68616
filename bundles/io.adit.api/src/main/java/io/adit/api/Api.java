package io.adit.api;

import org.osgi.service.component.annotations.Component;

/**
 * The service that says that this bundle runs. An update of this bundle restarts all that import it, in whatever order the framework chooses,
 * but before that the bundle itself is stopped. So a component with which the end has to begin, since requests run through the others until it
 * has finished, refers to this service: it ends while all the rest still works. At a proxy that is the endpoint, at a peer the connector.
 */
@Component(service = Api.class)
public final class Api {
}
