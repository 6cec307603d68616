package io.adit.runtime;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.wiring.BundleRevision;

/**
 * Why a container does not get ready: bundles that are not active and, for our own, components that wait or failed. Declarative
 * Services is asked by reflection, since its API is a bundle and not on the launcher's class path.
 */
final class Diagnosis {

    private static final String RUNTIME = "org.osgi.service.component.runtime.ServiceComponentRuntime";

    private static final String TROUBLE = "io.adit.trouble";

    /** States of a component configuration, as ComponentConfigurationDTO numbers them. */
    private static final int UNSATISFIED_CONFIGURATION = 1;
    private static final int UNSATISFIED_REFERENCE = 2;
    private static final int FAILED_ACTIVATION = 16;

    /** @param blocks false for what may be on purpose: a component whose configuration nobody made */
    record Finding(String text, boolean blocks) {
    }

    private final BundleContext context;

    Diagnosis(BundleContext context) {
        this.context = context;
    }

    /** Everything that is not at work; empty when all bundles are active and all components satisfied. */
    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>(inactiveBundles());
        for (Component component : components()) {
            component.finding().ifPresent(findings::add);
        }
        return findings;
    }

    /** What a part that goes on trying says of its last attempt ({@code io.adit.trouble=REASON}). */
    Optional<String> trouble() {
        try {
            ServiceReference<?>[] references = context.getAllServiceReferences(null, "(" + TROUBLE + "=*)");
            return references == null ? Optional.empty()
                : Optional.of(Failures.oneLine(String.valueOf(references[0].getProperty(TROUBLE))));
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Components whose activation threw an exception: waiting does not help them. */
    List<String> failedActivations() {
        return components().stream().filter(component -> component.state == FAILED_ACTIVATION)
            .flatMap(component -> component.finding().stream()).map(Finding::text).toList();
    }

    private List<Finding> inactiveBundles() {
        List<Finding> findings = new ArrayList<>();
        for (Bundle bundle : context.getBundles()) {
            boolean fragment = (bundle.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
            if (!fragment && (bundle.getState() & (Bundle.INSTALLED | Bundle.RESOLVED)) != 0) {
                findings.add(new Finding("bundle " + bundle.getSymbolicName() + " is not active: " + reason(bundle), true));
            }
        }
        return findings;
    }

    /** Only an attempt to start a bundle tells why it does not. */
    private static String reason(Bundle bundle) {
        try {
            bundle.start(Bundle.START_TRANSIENT);
            return "it was stopped";
        } catch (BundleException e) {
            Throwable cause = e;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            return Failures.oneLine(cause);
        }
    }

    private List<Component> components() {
        List<Component> components = new ArrayList<>();
        ServiceReference<?> reference = context.getServiceReference(RUNTIME);
        if (reference != null) {
            try {
                Object runtime = context.getService(reference);
                Class<?> type = runtime.getClass().getClassLoader().loadClass(RUNTIME);
                Collection<?> descriptions = (Collection<?>) type
                    .getMethod("getComponentDescriptionDTOs", Bundle[].class).invoke(runtime, (Object) ours());
                for (Object description : descriptions) {
                    Collection<?> configurations = (Collection<?>) type
                        .getMethod("getComponentConfigurationDTOs", description.getClass()).invoke(runtime, description);
                    if (configurations.isEmpty() && "require".equals(field(description, "configurationPolicy"))) {
                        components.add(new Component((String) field(description, "name"), UNSATISFIED_CONFIGURATION,
                            description, null));
                    }
                    for (Object configuration : configurations) {
                        components.add(new Component((String) field(description, "name"), (Integer) field(configuration, "state"),
                            description, configuration));
                    }
                }
            } catch (ReflectiveOperationException e) {
                // No finding is better than a wrong one; the log has the exception.
                e.printStackTrace();
            }
        }
        return components;
    }

    private Bundle[] ours() {
        List<Bundle> ours = new ArrayList<>();
        for (Bundle bundle : context.getBundles()) {
            String name = String.valueOf(bundle.getSymbolicName());
            // a command is there where what it is for is there, and nothing waits for it
            if (bundle.getState() == Bundle.ACTIVE && name.startsWith("io.adit.") && !name.equals("io.adit.shell")) {
                ours.add(bundle);
            }
        }
        return ours.toArray(Bundle[]::new);
    }

    private static Object field(Object dto, String name) throws ReflectiveOperationException {
        return dto.getClass().getField(name).get(dto);
    }

    private record Component(String name, int state, Object description, Object configuration) {

        Optional<Finding> finding() {
            try {
                return switch (state) {
                    case UNSATISFIED_CONFIGURATION -> Optional.of(new Finding(name + " waits for a configuration "
                        + String.join(", ", (String[]) field(description, "configurationPid")), false));
                    case UNSATISFIED_REFERENCE -> Optional.of(new Finding(name + " waits for " + references(), true));
                    case FAILED_ACTIVATION -> Optional.of(new Finding(name + " failed: " + cause(), true));
                    default -> Optional.empty();
                };
            } catch (ReflectiveOperationException e) {
                e.printStackTrace();
                return Optional.of(new Finding(name + " is in state " + state, true));
            }
        }

        private String references() throws ReflectiveOperationException {
            List<String> names = new ArrayList<>();
            for (Object reference : (Object[]) field(configuration, "unsatisfiedReferences")) {
                Object target = field(reference, "target");
                names.add(interfaceOf(field(reference, "name")) + (target == null ? "" : " " + target));
            }
            return String.join(", ", names);
        }

        private Object interfaceOf(Object reference) throws ReflectiveOperationException {
            for (Object declared : (Object[]) field(description, "references")) {
                if (reference.equals(field(declared, "name"))) {
                    return field(declared, "interfaceName");
                }
            }
            return reference;
        }

        /** The failure is a whole stack trace as text; what names the PID says the most, else its last cause. */
        private String cause() throws ReflectiveOperationException {
            String cause = "";
            for (String line : String.valueOf(field(configuration, "failure")).split("\n")) {
                if (cause.isEmpty() || line.startsWith("Caused by: ")) {
                    cause = line.replaceFirst("^(Caused by: )?([\\w.$]+(Exception|Error): )?", "");
                    if (cause.matches("io\\.adit\\.[a-z.]+: .*")) {
                        break;
                    }
                }
            }
            return Failures.oneLine(cause);
        }
    }
}
