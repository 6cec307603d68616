/** Numbers of this container, for Prometheus and by JMX. */
package io.adit.metrics;
