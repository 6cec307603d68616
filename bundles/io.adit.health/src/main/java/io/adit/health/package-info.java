/** Felix health checks, one for each way to fail, of what others tell by {@link io.adit.api.HealthSource}. */
package io.adit.health;
