package io.adit.health;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.servlet.context.ServletContextHelper;
import org.osgi.service.servlet.whiteboard.HttpWhiteboardConstants;

/**
 * Where Felix's health servlet is to be: it can be given the name of a context, but no HTTP server, and would be on the public port too. This context is on all
 * servers but those for visitors and for a peer's content. Stateless.
 */
@Component(service = ServletContextHelper.class, property = {HttpWhiteboardConstants.HTTP_WHITEBOARD_CONTEXT_NAME + "=" + AdminContext.NAME,
        HttpWhiteboardConstants.HTTP_WHITEBOARD_CONTEXT_PATH + "=/",
        HttpWhiteboardConstants.HTTP_WHITEBOARD_TARGET + "=(!(|(org.apache.felix.http.name=public)(org.apache.felix.http.name=content)))"})
public final class AdminContext extends ServletContextHelper {

    static final String NAME = "adit.admin";

    @Activate
    public AdminContext() {
        // nothing of its own
    }
}
