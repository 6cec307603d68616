/** How a peer reaches its proxy: directly, or through a forward proxy. Copied into those that use it. */
package io.adit.way;
