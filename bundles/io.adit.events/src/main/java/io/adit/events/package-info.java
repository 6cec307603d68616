/** What happens, as events of the OSGi EventAdmin; docs/HEALTH.md has their topics and properties. */
package io.adit.events;
