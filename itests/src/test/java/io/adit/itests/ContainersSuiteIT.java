package io.adit.itests;

import org.junit.runner.RunWith;
import org.junit.runners.Suite;

/** Tests inside of a container, one after the other in one JVM: only the first one's start finds everything cold. Each class runs alone too. */
@RunWith(Suite.class)
@Suite.SuiteClasses({SwapPeerIT.class, CodecSwapIT.class, TunnelIT.class})
public class ContainersSuiteIT {
}
