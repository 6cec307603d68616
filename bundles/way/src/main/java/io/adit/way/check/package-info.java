/** A look at each leg of a peer's way to its proxy and back, each with a deadline. Copied into those that use it. */
package io.adit.way.check;
