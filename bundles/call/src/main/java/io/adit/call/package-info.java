/** One request to a peer, sent from here: for a probe, and to send a visitor's request once more. Copied into the bundles that use it. */
package io.adit.call;
