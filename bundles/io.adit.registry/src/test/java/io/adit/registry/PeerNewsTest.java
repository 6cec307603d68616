package io.adit.registry;

import static org.junit.Assert.assertEquals;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.adit.api.ErrorCode;
import io.adit.api.PeerEvent;
import io.adit.api.PeerListener;
import io.adit.api.RegistrationException;
import org.junit.Test;

public class PeerNewsTest {

    private final List<PeerEvent> told = new CopyOnWriteArrayList<>();
    private final PeerListener listener = told::add;
    private final PeerNews news = new PeerNews();

    private List<String> told() {
        return told.stream().map(event -> event.name() + " " + event.kind() + " " + event.session() + " " + event.code() + " " + event.text()).toList();
    }

    @Test
    public void aNameFromInvitationToRevocation() {
        news.add(event -> {
            throw new IllegalStateException("a listener's bug");
        });
        news.add(listener);
        news.invited("demo");
        FakeSession first = new FakeSession("s1");
        FakeSession second = new FakeSession("s2");
        news.connected("demo", first);
        news.connected("demo", second);
        first.close(ErrorCode.REPLACED, "");
        news.moved("demo", "p2");
        news.revoked("demo");
        second.close(ErrorCode.REVOKED, "");
        assertEquals(List.of("demo INVITED  NONE ", "demo CONNECTED s1 NONE ", "demo CONNECTED s2 NONE ", "demo ENDED s1 REPLACED replaced by a newer session",
                "demo MOVED  NONE to p2", "demo REVOKED  NONE ", "demo ENDED s2 REVOKED invitation revoked"), told());
    }

    @Test
    public void aRefusalOfWhatIsNoNameHasNone() {
        news.add(listener);
        news.refused("demo", new RegistrationException(ErrorCode.UNAUTHORIZED, "no"));
        news.refused("<script>", new RegistrationException(ErrorCode.UNAUTHORIZED, "no"));
        assertEquals(List.of("demo REFUSED  UNAUTHORIZED no", " REFUSED  UNAUTHORIZED no"), told());
    }

    @Test
    public void afterTheEndNothingHoldsOnToASession() {
        news.add(listener);
        FakeSession before = new FakeSession("s1");
        news.connected("demo", before);
        news.close();
        FakeSession after = new FakeSession("s2");
        news.connected("demo", after);
        told.clear();
        before.close(ErrorCode.SHUTDOWN, "");
        after.close(ErrorCode.SHUTDOWN, "");
        assertEquals(List.of(), told());
    }

    @Test
    public void whoComesLaterIsToldOfTheSessionsThatAreThere() {
        FakeSession session = new FakeSession("s1");
        news.connected("demo", session);
        news.connected("gone", new FakeSession("s2"));
        session.close(ErrorCode.SHUTDOWN, "");
        news.add(listener);
        assertEquals(List.of("gone CONNECTED s2 NONE "), told());
        assertEquals(FakeSession.SINCE, told.get(0).at());
    }

    @Test
    public void whoWasRemovedHearsNothing() {
        news.add(listener);
        news.remove(listener);
        news.invited("demo");
        assertEquals(List.of(), told());
    }
}
