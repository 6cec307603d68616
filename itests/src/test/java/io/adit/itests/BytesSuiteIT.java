package io.adit.itests;

import org.junit.ClassRule;
import org.junit.rules.ExternalResource;
import org.junit.runner.RunWith;
import org.junit.runners.Suite;

/** Requests, responses and upgraded connections to the byte, all with one proxy and one peer. Each class runs alone too. */
@RunWith(WithJettyClient.OfSuite.class)
@Suite.SuiteClasses({AbortIT.class, BrokenOriginIT.class, EarlyResponseIT.class, ErrorPagesIT.class, ExtendedConnectIT.class,
    ProxyProtocolOutIT.class, RequestBodyWireIT.class, RequestFieldsWireIT.class, RequestRefusedWireIT.class, RequestTargetWireIT.class,
    ResponseFramingIT.class, ResponseWireIT.class, TrafficIT.class, TrustedProxyWireIT.class, UpgradeIT.class})
public class BytesSuiteIT {

    @ClassRule
    public static final ExternalResource CONTAINERS = SharedSite.KEPT;
}
