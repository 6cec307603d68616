package io.adit.itests.gogo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Somebody at the container's shell who looks at all its components, and keeps what it prints in a file of the home. Made into a bundle by {@code SecretsIT}. */
public final class Activator implements BundleActivator {

    public static final String FILE = "data/scr-info.txt";
    /** {@code Converter.INSPECT} of Gogo. */
    private static final int INSPECT = 0;

    @Override
    public void start(BundleContext context) throws IOException, ReflectiveOperationException {
        Object processor = context.getService(context.getServiceReference("org.apache.felix.service.command.CommandProcessor"));
        Object session = processor.getClass().getMethod("createSession", InputStream.class, OutputStream.class, OutputStream.class)
                .invoke(processor, InputStream.nullInputStream(), OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
        StringBuilder printed = new StringBuilder();
        for (Object component : (Object[]) execute(session, "scr:list")) {
            Object info = execute(session, "scr:info " + component.getClass().getField("name").get(component));
            printed.append(session.getClass().getMethod("format", Object.class, int.class).invoke(session, info, INSPECT)).append('\n');
        }
        Path file = Path.of(context.getProperty("adit.home"), FILE);
        Path part = Files.writeString(file.resolveSibling("scr-info.part"), printed);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static Object execute(Object session, String line) throws ReflectiveOperationException {
        return session.getClass().getMethod("execute", CharSequence.class).invoke(session, line);
    }

    @Override
    public void stop(BundleContext context) {
        // the session ends with the container
    }
}
