package io.adit.itests;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.Test;
import org.junit.runners.Suite;

/** The build leaves some classes to suites: each of them is in one. */
public class SuitesIT {

    @Test
    public void eachClassThatTheBuildPassesOverIsInASuite() throws IOException {
        Set<String> passedOver = new TreeSet<>();
        Matcher exclude = java.util.regex.Pattern.compile("<exclude>\\*\\*/(\\w+)\\.java</exclude>").matcher(Files.readString(Path.of("pom.xml")));
        while (exclude.find()) {
            passedOver.add(exclude.group(1));
        }
        Set<String> inSuites = Stream.of(AdminSuiteIT.class, BytesSuiteIT.class, ClientsSuiteIT.class, CommandsSuiteIT.class, ContainersSuiteIT.class)
            .flatMap(each -> Stream.of(each.getAnnotation(Suite.SuiteClasses.class).value())).map(Class::getSimpleName).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(inSuites, passedOver);
    }
}
