package io.adit.origin;

import io.adit.api.packet.Packet.ResponseHead;
import org.eclipse.jetty.client.ProtocolHandler;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.client.transport.HttpExchange;
import org.eclipse.jetty.http.HttpStatus;

/** Passes interim responses (1xx but 101) on, and makes the client wait for the next head. Stateless. */
final class InterimHandler implements ProtocolHandler {

    private static final Response.Listener LISTENER = new Response.Listener() {
        @Override
        public void onSuccess(Response response) {
            OriginRequest request = (OriginRequest) response.getRequest();
            ResponseHead head;
            OriginException wrong;
            try {
                head = Head.response(response);
                wrong = null;
            } catch (OriginException e) {
                head = null;
                wrong = e;
            }
            // From here on the client waits for another head; what follows may abort it, so this comes first.
            request.getConversation().updateResponseListeners(null);
            HttpExchange jetty = request.getConversation().getExchanges().peekLast();
            jetty.resetResponse();
            if (wrong == null) {
                request.exchange().onInterim(head);
            } else {
                request.exchange().fail(wrong);
            }
        }

        @Override
        public void onFailure(Response response, Throwable failure) {
            OriginRequest request = (OriginRequest) response.getRequest();
            request.getConversation().updateResponseListeners(null);
        }

        @Override
        public void onComplete(Result result) {
            OriginRequest request = (OriginRequest) result.getRequest();
            request.exchange().onComplete(result);
        }
    };

    @Override
    public String getName() {
        return "adit-interim";
    }

    @Override
    public boolean accept(Request request, Response response) {
        return HttpStatus.isInterim(response.getStatus());
    }

    @Override
    public Response.Listener getResponseListener() {
        return LISTENER;
    }
}
