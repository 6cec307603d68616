/** Certificates for the public port from an ACME server (RFC 8555), by the challenge HTTP-01. */
package io.adit.acme;
