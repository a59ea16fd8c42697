package penstock.probe;

import org.apache.flink.client.program.ContextEnvironment;
import org.apache.flink.client.program.PackagedProgram;
import org.apache.flink.client.program.ProgramInvocationException;
import org.apache.flink.client.program.StreamContextEnvironment;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.DeploymentOptions;

import java.io.File;
import java.io.IOException;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/** A user's jar and the {@code main} in it. */
final class Program {
    private final PackagedProgram program;
    private final Configuration configuration;

    private Program(PackagedProgram program, Configuration configuration) {
        this.program = program;
        this.configuration = configuration;
    }

    static Program load(Arguments arguments) throws Refusal {
        Order order = Order.read(new File(arguments.required("program")));
        File jar = order.jar();
        String entryClass = entryClass(jar, order.entryClass());
        Configuration configuration = order.configuration();
        try {
            // Read here, for a value that cannot be read is the configuration's mistake and not main's.
            configuration.get(CoreOptions.DEFAULT_PARALLELISM);
            PackagedProgram program =
                    PackagedProgram.newBuilder()
                            .setJarFile(jar)
                            .setUserClassPaths(order.classPath())
                            .setEntryPointClassName(entryClass)
                            .setArguments(order.arguments())
                            .setConfiguration(configuration)
                            .build();
            return new Program(program, configuration);
        } catch (ProgramInvocationException | LinkageError | SecurityException problem) {
            throw Diagnosis.ofClass(entryClass, problem);
        } catch (IllegalArgumentException problem) {
            throw Diagnosis.ofConfiguration(problem);
        }
    }

    private static String entryClass(File jar, String named) throws Refusal {
        // Opened even where the class is named: a file that is no jar deserves its own answer.
        try (JarFile file = new JarFile(jar)) {
            if (named != null) {
                return named;
            }
            Manifest manifest = file.getManifest();
            Attributes names = manifest == null ? new Attributes() : manifest.getMainAttributes();
            // Flink's own order.
            String name = names.getValue(PackagedProgram.MANIFEST_ATTRIBUTE_ASSEMBLER_CLASS);
            name = name == null ? names.getValue(PackagedProgram.MANIFEST_ATTRIBUTE_MAIN_CLASS) : name;
            if (name == null) {
                throw new Refusal(
                        "NO_ENTRY_CLASS",
                        "The manifest of " + jar.getName() + " names no Main-Class: name the entry class.");
            }
            return name;
        } catch (IOException unreadable) {
            throw jar.exists()
                    ? new Refusal("NOT_A_JAR", jar.getName() + " cannot be read as a jar: " + unreadable.getMessage(), unreadable)
                    : new Refusal("JAR_NOT_FOUND", "There is no file " + jar + ".", unreadable);
        }
    }

    /**
     * Runs {@code main} as a cluster of its own does, but for the executor: what it submits is taken by
     * {@code submissions}. Comes back only where nothing was submitted.
     */
    void run(Submissions submissions) throws Refusal {
        ClassLoader loader = program.getUserCodeClassLoader();
        Thread.currentThread().setContextClassLoader(loader);
        configuration.set(DeploymentOptions.TARGET, Submissions.NAME);
        configuration.set(DeploymentOptions.ATTACHED, true);
        try {
            // How many jobs it submits is counted by the executor, also those of several environments.
            ContextEnvironment.setAsContext(submissions, configuration, loader, false, true);
            StreamContextEnvironment.setAsContext(submissions, configuration, loader, false, true);
        } catch (IllegalArgumentException problem) {
            throw Diagnosis.ofConfiguration(problem);
        }
        Throwable thrown = null;
        try {
            program.invokeInteractiveModeForExecution();
        } catch (Throwable problem) {
            thrown = problem;
        }
        if (!submissions.isEmpty()) {
            submissions.handOver(
                    thrown == null ? Afterwards.RETURNS : Afterwards.THROWS,
                    thrown == null ? "" : Diagnosis.ofRun(thrown).getMessage());
        }
        throw thrown == null
                ? new Refusal("NO_JOB", "main returns without submitting a job: it never calls execute().")
                : Diagnosis.ofRun(thrown);
    }
}
