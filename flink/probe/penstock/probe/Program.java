package penstock.probe;

import org.apache.flink.client.program.PackagedProgram;
import org.apache.flink.client.program.PackagedProgramUtils;
import org.apache.flink.client.program.ProgramInvocationException;
import org.apache.flink.api.dag.Pipeline;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.util.ExceptionUtils;

import java.io.File;
import java.io.IOException;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/** A user's jar and the {@code main} in it, run as far as the job that it submits. Each way to fail has its kind. */
final class Program {
    // How Flink begins whenever the value of an option is not of its type; there is no class of exception for it.
    private static final String UNPARSABLE = "Could not parse value";

    private final PackagedProgram program;
    private final Arguments arguments;
    private final int parallelism;

    private Program(PackagedProgram program, Arguments arguments) throws Refusal {
        this.program = program;
        this.arguments = arguments;
        this.parallelism =
                (int) arguments.number("parallelism", arguments.configuration().get(CoreOptions.DEFAULT_PARALLELISM));
    }

    static Program load(Arguments arguments) throws Refusal {
        File jar = new File(arguments.required("jar"));
        String entryClass = entryClass(jar, arguments.optional("class"));
        try {
            return new Program(
                    PackagedProgram.newBuilder()
                            .setJarFile(jar)
                            .setEntryPointClassName(entryClass)
                            .setArguments(arguments.programArguments())
                            .setConfiguration(arguments.configuration())
                            .build(),
                    arguments);
        } catch (ProgramInvocationException | LinkageError problem) {
            throw refuseClass(entryClass, problem);
        } catch (IllegalArgumentException problem) {
            throw refuseConfiguration(problem);
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
                throw new Refusal("NO_ENTRY_CLASS", "The manifest of " + jar.getName() + " names no Main-Class: name the entry class.");
            }
            return name;
        } catch (IOException unreadable) {
            throw jar.exists()
                    ? new Refusal("NOT_A_JAR", jar.getName() + " cannot be read as a jar: " + unreadable.getMessage(), unreadable)
                    : new Refusal("JAR_NOT_FOUND", "There is no file " + jar + ".", unreadable);
        }
    }

    private static Refusal refuseClass(String entryClass, Throwable problem) {
        if (ExceptionUtils.findThrowable(problem, UnsupportedClassVersionError.class).isPresent()) {
            return newerJava(problem);
        }
        if (problem.getCause() instanceof ClassNotFoundException) {
            return new Refusal("CLASS_NOT_FOUND", "The jar has no class " + entryClass + ".", problem);
        }
        if (ExceptionUtils.findThrowable(problem, LinkageError.class).isPresent()) {
            return new Refusal("CLASS_BROKEN", "Class " + entryClass + " cannot be loaded: " + innermost(problem), problem);
        }
        return new Refusal("NO_MAIN", "Class " + entryClass + " has no public static main(String[]).", problem);
    }

    private static Refusal newerJava(Throwable problem) {
        String said = ExceptionUtils.findThrowable(problem, UnsupportedClassVersionError.class).get().getMessage();
        return new Refusal(
                "UNSUPPORTED_CLASS_VERSION",
                "The jar was compiled for a newer Java than " + Runtime.version().feature() + ": " + said,
                problem);
    }

    /** Runs {@code main} until it submits a job. */
    Pipeline pipeline() throws Refusal {
        try {
            return PackagedProgramUtils.getPipelineFromProgram(program, arguments.configuration(), parallelism, false);
        } catch (ProgramInvocationException problem) {
            throw refuseRun(problem);
        } catch (IllegalArgumentException problem) {
            throw refuseConfiguration(problem);
        }
    }

    private static Refusal refuseConfiguration(Throwable problem) {
        String said =
                ExceptionUtils.findThrowableWithMessage(problem, UNPARSABLE).map(Throwable::getMessage).orElse(problem.getMessage());
        return new Refusal("CONF_INVALID", "Flink refuses the configuration: " + said, problem);
    }

    private static Refusal refuseRun(ProgramInvocationException problem) {
        Throwable thrown = problem.getCause();
        if (thrown == null) {
            // "The class X must be public", "The class X declares a non-static main method": the only two families without a cause.
            return problem.getMessage().startsWith("The class ")
                    ? new Refusal("NO_MAIN", problem.getMessage(), problem)
                    : new Refusal("NO_JOB", "main returns without submitting a job: it never calls execute().", problem);
        }
        if (ExceptionUtils.findThrowable(thrown, UnsupportedClassVersionError.class).isPresent()) {
            return newerJava(thrown);
        }
        if (ExceptionUtils.findThrowableWithMessage(thrown, UNPARSABLE).isPresent()) {
            return refuseConfiguration(thrown);
        }
        Throwable root = innermost(thrown);
        String because = root == thrown ? "" : ", because of " + root;
        return new Refusal("MAIN_THREW", "main throws " + thrown + because, thrown);
    }

    private static Throwable innermost(Throwable problem) {
        Throwable cause = problem;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    int parallelism() {
        return parallelism;
    }

    ClassLoader classLoader() {
        return program.getUserCodeClassLoader();
    }
}
