package io.adit.shell;

import io.adit.api.Diagnosis;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The command adit:diag. Thread-safe; it waits for the result, which has a deadline for each step. */
@Component(service = DiagCommands.class, property = {"osgi.command.scope=adit", "osgi.command.function=diag"})
public final class DiagCommands {

    /** More than all steps together may take. */
    private static final int LONGEST_SECONDS = 600;

    private final Diagnosis diagnosis;

    @Activate
    public DiagCommands(@Reference Diagnosis diagnosis) {
        this.diagnosis = diagnosis;
    }

    /** Of this container. */
    @Descriptor("tries all that has to work, step by step, and says in words what does not")
    public Rows.Report diag() throws InterruptedException {
        return diag("");
    }

    /** And of the way to that peer. */
    @Descriptor("the same, and the way to that peer")
    public Rows.Report diag(@Descriptor("the name of a peer") String name) throws InterruptedException {
        return Rows.Report.of(ProbeCommands.await(diagnosis.diagnose(name), LONGEST_SECONDS));
    }
}
