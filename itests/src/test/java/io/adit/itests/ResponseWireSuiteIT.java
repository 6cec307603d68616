package io.adit.itests;

import org.junit.ClassRule;
import org.junit.rules.ExternalResource;
import org.junit.runner.RunWith;
import org.junit.runners.Suite;

/** Responses to the byte, all with one proxy and one peer. Each class runs alone too. */
@RunWith(Suite.class)
@Suite.SuiteClasses({AbortIT.class, BrokenOriginIT.class, EarlyResponseIT.class, ResponseFramingIT.class, ResponseWireIT.class,
    // the last: it leaves a proxy that waits longer than others
    RetryIT.class})
public class ResponseWireSuiteIT {

    @ClassRule
    public static final ExternalResource CONTAINERS = WireTest.CONTAINERS;
}
