package io.adit.itests;

import org.junit.ClassRule;
import org.junit.rules.ExternalResource;
import org.junit.runner.RunWith;
import org.junit.runners.Suite;

/** Programs that people use as clients, all with one proxy and one peer. Each class runs alone too. */
@RunWith(Suite.class)
@Suite.SuiteClasses({AutobahnIT.class, BrowserIT.class, CurlIT.class, GitIT.class, H2SpecIT.class, HttpsIT.class, PollIT.class, WebDavIT.class})
public class ClientsSuiteIT {

    @ClassRule
    public static final ExternalResource CONTAINERS = SharedSite.KEPT;
}
