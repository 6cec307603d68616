package io.adit.port;

import static org.junit.Assert.assertEquals;

import org.junit.Test;

public class TargetTest {

    @Test
    public void whatTheServerCanServeIsLeftAsItIs() {
        for (String target : new String[] {"/", "//", "/a/../b", "//%2F/../a?|[]", "/a?..", "/%zz", "/a%2Fb", "/a/..;/x"}) {
            assertEquals(target, Target.plain(target));
        }
    }

    @Test
    public void whatItWouldRefuseOrMisreadIsKeptFromIt() {
        for (String target : new String[] {"*", "http://a/b", "HTTP://a", "/..", "/../..", "/a/../../b", "/%2e%2e", "/..;/x", "/%2e%2E/x", "x", ""}) {
            assertEquals(target, "/", Target.plain(target));
        }
    }
}
