package io.adit.connector;

import java.util.HexFormat;

import io.adit.api.Details;
import io.adit.api.Invitation;
import io.adit.api.packet.Packet.Registered;

/**
 * The proxy that a registration server assigned (PROTOCOL R4). Thread-safety: immutable.
 *
 * @param proxy its name
 * @param target where to dial, which certificate to trust, and the peer's own name and secret
 * @param ticket for that proxy
 */
record Assignment(String proxy, Invitation target, byte[] ticket) {

    /**
     * @param invitation the peer's
     * @throws IllegalArgumentException when the answer does not say how to get there; the message is one line
     */
    static Assignment of(Registered answer, Invitation invitation) {
        String certificate = answer.details().first(Details.CERTIFICATE);
        byte[] fingerprint;
        if (Details.OFF.equals(certificate)) {
            fingerprint = new byte[0];
        } else if (certificate != null && certificate.matches("[0-9a-f]{64}")) {
            fingerprint = HexFormat.of().parseHex(certificate);
        } else {
            throw new IllegalArgumentException("the registration server assigned a proxy, but did not say its certificate");
        }
        // PROTOCOL A6: the name that the peer has now
        Invitation target = new Invitation(answer.proxyAddress(), answer.proxyPort(), answer.name(), invitation.secret(), fingerprint);
        return new Assignment(answer.proxyName(), target, answer.ticket());
    }
}
