package io.adit.itests;

import org.junit.ClassRule;
import org.junit.rules.ExternalResource;
import org.junit.runner.RunWith;
import org.junit.runners.Suite;

/** What operators do by commands and files, all with one proxy and one peer. Each class runs alone too. */
@RunWith(Suite.class)
@Suite.SuiteClasses({AcmeIT.class, CommandLineIT.class, ForwardProxyIT.class, MailServerIT.class, MailSwapIT.class, NamesIT.class})
public class CommandsSuiteIT {

    @ClassRule
    public static final ExternalResource CONTAINERS = SharedSite.KEPT;
}
