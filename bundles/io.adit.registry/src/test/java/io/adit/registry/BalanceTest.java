package io.adit.registry;

import static org.junit.Assert.assertEquals;

import java.util.List;
import java.util.Optional;

import io.adit.registry.Balance.Candidate;
import org.junit.Test;

public class BalanceTest {

    private static final Candidate HERE = new Candidate(Credential.HERE, 5, 10);
    private static final Candidate A = new Candidate("a", 30, 100);
    private static final Candidate B = new Candidate("b", 3, 10);
    private static final Candidate FULL = new Candidate("full", 10, 10);

    @Test
    public void theLeastLoadedOfThoseWithRoom() {
        assertEquals(Optional.of("a"), Balance.choose(List.of(HERE, B, A, FULL), null, null));
        assertEquals(Optional.of("b"), Balance.choose(List.of(HERE, B, FULL), null, null));
        assertEquals(Optional.of(Credential.HERE), Balance.choose(List.of(HERE, FULL), null, null));
        assertEquals(Optional.empty(), Balance.choose(List.of(FULL), null, null));
        assertEquals(Optional.empty(), Balance.choose(List.of(), null, null));
    }

    @Test
    public void theLastOneIfItCan() {
        assertEquals(Optional.of("b"), Balance.choose(List.of(HERE, A, B), "b", null));
        assertEquals(Optional.of(Credential.HERE), Balance.choose(List.of(HERE, A, B), Credential.HERE, null));
        assertEquals(Optional.of("a"), Balance.choose(List.of(HERE, A, FULL), "full", null));
        assertEquals(Optional.of("a"), Balance.choose(List.of(HERE, A), "gone", null));
    }

    @Test
    public void notTheOneThatCouldNotBeReachedUnlessThereIsNoOther() {
        assertEquals(Optional.of("b"), Balance.choose(List.of(HERE, A, B), "a", "a"));
        assertEquals(Optional.of("a"), Balance.choose(List.of(A, FULL), "a", "a"));
    }
}
