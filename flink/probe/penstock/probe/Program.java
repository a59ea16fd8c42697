package penstock.probe;

import org.apache.flink.api.dag.Pipeline;
import org.apache.flink.client.program.OptimizerPlanEnvironment;
import org.apache.flink.client.program.PackagedProgram;
import org.apache.flink.client.program.ProgramInvocationException;
import org.apache.flink.client.program.StreamPlanEnvironment;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;

import java.io.File;
import java.io.IOException;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/** A user's jar and the {@code main} in it, run as far as the job that it submits. */
final class Program {
    private final PackagedProgram program;
    private final Configuration configuration;
    private final int parallelism;

    private Program(PackagedProgram program, Configuration configuration, int parallelism) {
        this.program = program;
        this.configuration = configuration;
        this.parallelism = parallelism;
    }

    static Program load(Arguments arguments) throws Refusal {
        Order order = Order.read(new File(arguments.required("program")));
        File jar = order.jar();
        String entryClass = entryClass(jar, order.entryClass());
        Configuration configuration = order.configuration();
        try {
            int ofConfiguration = configuration.get(CoreOptions.DEFAULT_PARALLELISM);
            PackagedProgram program =
                    PackagedProgram.newBuilder()
                            .setJarFile(jar)
                            .setEntryPointClassName(entryClass)
                            .setArguments(order.arguments())
                            .setConfiguration(configuration)
                            .build();
            return new Program(program, configuration, ofConfiguration);
        } catch (ProgramInvocationException | LinkageError problem) {
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
     * Runs {@code main} until it submits a job. The environments are those of {@code PackagedProgramUtils}; that class
     * itself loses the job of a {@code main} that catches every {@code Throwable} around {@code execute()}.
     */
    Pipeline pipeline() throws Refusal {
        Thread.currentThread().setContextClassLoader(classLoader());
        Refusal refusal = new Refusal("NO_JOB", "main returns without submitting a job: it never calls execute().");
        StreamPlanEnvironment stream;
        OptimizerPlanEnvironment batch;
        try {
            stream = new StreamPlanEnvironment(configuration, classLoader(), parallelism);
            batch = new OptimizerPlanEnvironment(configuration, classLoader(), parallelism);
        } catch (IllegalArgumentException problem) {
            throw Diagnosis.ofConfiguration(problem);
        }
        stream.setAsContext();
        batch.setAsContext();
        try {
            program.invokeInteractiveModeForExecution();
        } catch (Throwable problem) {
            // Submitting ends main by an error of Flink's own: only without a job does this count.
            refusal = Diagnosis.ofRun(problem);
        }
        if (stream.getPipeline() != null) {
            return stream.getPipeline();
        }
        if (batch.getPipeline() != null) {
            return batch.getPipeline();
        }
        throw refusal;
    }

    Configuration configuration() {
        return configuration;
    }

    int parallelism() {
        return parallelism;
    }

    ClassLoader classLoader() {
        return program.getUserCodeClassLoader();
    }
}
