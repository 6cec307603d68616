package io.adit.runtime;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

import picocli.CommandLine;

/** What is left of a start that comes to nothing before there is a framework. */
public class ContainerRunTest {

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    /** It wants nothing but a configuration. */
    private static final class Plan implements ContainerPlan {
        @Override
        public String role() {
            return "bare";
        }

        @Override
        public void configure(EtcFolder etc, Feature feature) throws CommandFailure {
            etc.file("io.adit.bare").set("a", 1);
        }

        @Override
        public void checkPorts(EtcFolder etc) {
            // it has none
        }

        @Override
        public Set<String> readyKeys() {
            return Set.of();
        }

        @Override
        public boolean hasAdminPort() {
            return false;
        }

        @Override
        public boolean mayWait() {
            return false;
        }
    }

    @Test
    public void aHomeThatCannotBeWrittenToIsLeftAsItWas() throws Exception {
        Path distribution = temporary.newFolder("distribution").toPath();
        Files.createDirectories(distribution.resolve("features"));
        Files.writeString(distribution.resolve("features/bare.json"), "{\"bundles\": []}");
        Path home = temporary.newFolder("home").toPath();
        Files.createDirectories(home.resolve("conf"));
        Files.writeString(home.resolve("conf/admin.password"), "secret");
        ContainerOptions options = CommandLine.populateCommand(new ContainerOptions(), "--home", home.toString());
        String before = System.getProperty(Distribution.PROPERTY);
        System.setProperty(Distribution.PROPERTY, distribution.toString());
        try {
            // there is no conf/logback.xml in the distribution, which is as good as one that cannot be written
            CommandFailure failure = assertThrows(CommandFailure.class, () -> new ContainerRun(new Plan(), options).run());
            assertEquals("cannot use " + home + ": NoSuchFile: " + distribution.resolve("conf/logback.xml"), failure.getMessage());
        } finally {
            if (before == null) {
                System.clearProperty(Distribution.PROPERTY);
            } else {
                System.setProperty(Distribution.PROPERTY, before);
            }
        }
        try (Stream<Path> left = Files.list(home)) {
            assertEquals(List.of("conf"), left.map(each -> each.getFileName().toString()).toList());
        }
    }
}
