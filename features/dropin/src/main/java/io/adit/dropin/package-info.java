/** What users of other containers drop into them, made of the features: docs/OSGI.md. */
package io.adit.dropin;
