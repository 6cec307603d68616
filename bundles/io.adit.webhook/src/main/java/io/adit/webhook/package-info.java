/** Tells HTTP servers of somebody else which names are served: a signed POST for each change. */
package io.adit.webhook;
