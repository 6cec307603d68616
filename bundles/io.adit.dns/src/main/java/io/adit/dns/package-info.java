/** The peers' names in DNS: an authoritative server (RFC 1034, 1035), and updates of another one (RFC 2136). */
package io.adit.dns;
