/** Tries the way from a browser to an origin, leg by leg. */
package io.adit.diag;
