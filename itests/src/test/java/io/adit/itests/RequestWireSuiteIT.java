package io.adit.itests;

import org.junit.ClassRule;
import org.junit.runner.RunWith;
import org.junit.runners.Suite;

/** Requests to the byte, all with one proxy and one peer. Each class runs alone too. */
@RunWith(Suite.class)
@Suite.SuiteClasses({RequestBodyWireIT.class, RequestFieldsWireIT.class, RequestRefusedWireIT.class, RequestTargetWireIT.class})
public class RequestWireSuiteIT {

    @ClassRule
    public static final WireSite SITE = WireSite.PLAIN;
}
