package io.adit.api;

import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.nio.charset.StandardCharsets;

import org.junit.Test;

public class ProofTest {

    private final byte[] secret = Proof.sha256("secret".getBytes(StandardCharsets.US_ASCII));
    private final byte[] transcript = Proof.transcript(new byte[] {1}, new byte[] {2}, new byte[] {3});

    @Test
    public void theRightSecretIsProvenBothWays() {
        Proof.Verifier verifier = Proof.verifier(secret);
        assertTrue(Proof.verify(verifier, transcript, Proof.of(secret, transcript)));
        assertTrue(Proof.verifyAnswer(secret, transcript, Proof.answer(verifier, transcript)));
    }

    @Test
    public void aProofCountsForOneConnectionOnly() {
        Proof.Verifier verifier = Proof.verifier(secret);
        byte[] proof = Proof.of(secret, transcript);
        for (byte[] other : new byte[][] {Proof.transcript(new byte[] {9}, new byte[] {2}, new byte[] {3}),
                Proof.transcript(new byte[] {1}, new byte[] {9}, new byte[] {3}), Proof.transcript(new byte[] {1}, new byte[] {2}, new byte[] {9}),
                Proof.transcript(new byte[] {1}, new byte[] {2}, new byte[0])}) {
            assertFalse(Proof.verify(verifier, other, proof));
            assertFalse(Proof.verifyAnswer(secret, other, Proof.answer(verifier, transcript)));
        }
    }

    @Test
    public void wrongSecretOrDamagedProofIsRefused() {
        Proof.Verifier verifier = Proof.verifier(secret);
        assertFalse(Proof.verify(verifier, transcript, Proof.of(Proof.sha256(secret), transcript)));
        assertFalse(Proof.verify(verifier, transcript, new byte[0]));
        assertFalse(Proof.verify(verifier, transcript, new byte[33]));
        byte[] proof = Proof.of(secret, transcript);
        proof[31] ^= 1;
        assertFalse(Proof.verify(verifier, transcript, proof));
    }

    @Test
    public void whatTheStoreKeepsIsNoSecretToLogInWith() {
        Proof.Verifier verifier = Proof.verifier(secret);
        assertFalse(Proof.verify(verifier, transcript, Proof.of(verifier.storedKey(), transcript)));
        assertFalse(Proof.verify(verifier, transcript, Proof.of(verifier.serverKey(), transcript)));
    }
}
