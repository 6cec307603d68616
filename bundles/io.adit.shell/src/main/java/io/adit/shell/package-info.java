/** Commands for Gogo, Felix's shell, and for Karaf's: what they return are objects, which print as tables and can be piped and asked for their parts. */
package io.adit.shell;
