/**
 * What a bundle needs so that it, and others, can be replaced while requests run. A library, copied into the bundles that use it: JDK and OSGi
 * framework only.
 */
package io.adit.gate;
