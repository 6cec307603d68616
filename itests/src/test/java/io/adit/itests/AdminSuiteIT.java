package io.adit.itests;

import org.junit.ClassRule;
import org.junit.rules.ExternalResource;
import org.junit.runner.RunWith;
import org.junit.runners.Suite;

/** What operators see and do, all with one proxy and one peer. Each class runs alone too. */
@RunWith(Suite.class)
@Suite.SuiteClasses({WatchIT.class, CodecVersionsIT.class, ConsoleIT.class})
public class AdminSuiteIT {

    @ClassRule
    public static final ExternalResource CONTAINERS = SharedSite.KEPT;
}
