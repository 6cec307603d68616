/** Tells people by e-mail of what peers show: once, not too often, and not those who want no more of it. */
package io.adit.mail;
