package penstock.probe;

import org.apache.flink.client.program.ProgramInvocationException;
import org.apache.flink.util.ExceptionUtils;

/** Gives what Flink or a user's {@code main} throws its kind and its sentence. */
final class Diagnosis {
    // How Flink begins whenever the value of an option is not of its type; there is no class of exception for it.
    private static final String UNPARSABLE = "Could not parse value";

    // What is wrong with a script, and where, in its own words.
    private static final String SCRIPTS = "penstock.sql.Wrong";

    private Diagnosis() {}

    /** The entry class could not be loaded. */
    static Refusal ofClass(String entryClass, Throwable problem) {
        if (ExceptionUtils.findThrowable(problem, UnsupportedClassVersionError.class).isPresent()) {
            return ofNewerJava(problem);
        }
        if (problem.getCause() instanceof ClassNotFoundException) {
            return new Refusal("CLASS_NOT_FOUND", "The jar has no class " + entryClass + ".", problem);
        }
        if (isOfSignature(problem)) {
            return ofSignature(problem);
        }
        if (problem.getCause() == null && problem instanceof ProgramInvocationException) {
            // Flink has loaded the class, and says what its main lacks.
            return new Refusal("NO_MAIN", "Class " + entryClass + " has no public static main(String[]).", problem);
        }
        return new Refusal("CLASS_BROKEN", "Class " + entryClass + " cannot be loaded: " + innermost(problem), problem);
    }

    /** {@code main} ended with an exception before it submitted a job. */
    static Refusal ofRun(Throwable problem) {
        Throwable thrown = problem;
        if (problem instanceof ProgramInvocationException) {
            thrown = problem.getCause();
            if (thrown == null) {
                // "The class X must be public", "The class X declares a non-static main method".
                return new Refusal("NO_MAIN", problem.getMessage(), problem);
            }
        }
        if (ExceptionUtils.findThrowable(thrown, UnsupportedClassVersionError.class).isPresent()) {
            return ofNewerJava(thrown);
        }
        if (isOfSignature(thrown)) {
            return ofSignature(thrown);
        }
        if (ExceptionUtils.findThrowableWithMessage(thrown, UNPARSABLE).isPresent()) {
            return ofConfiguration(thrown);
        }
        if (ExceptionUtils.findThrowable(thrown, OutOfMemoryError.class).isPresent()) {
            // A cluster may have more.
            return new Refusal("OUT_OF_MEMORY", "main takes more memory than a check has: " + thrown, thrown);
        }
        if (thrown.getClass().getName().equals(SCRIPTS)) {
            return new Refusal("SQL_WRONG", thrown.getMessage(), thrown);
        }
        Throwable root = innermost(thrown);
        String because = root == thrown ? "" : ", because of " + root;
        return new Refusal("MAIN_THREW", "main throws " + thrown + because, thrown);
    }

    /** A setting has a value that Flink cannot read. */
    static Refusal ofConfiguration(Throwable problem) {
        String said =
                ExceptionUtils.findThrowableWithMessage(problem, UNPARSABLE)
                        .map(Throwable::getMessage)
                        .orElse(problem.getMessage());
        return new Refusal("CONF_INVALID", "Flink refuses the configuration: " + said, problem);
    }

    private static Refusal ofNewerJava(Throwable problem) {
        String said = ExceptionUtils.findThrowable(problem, UnsupportedClassVersionError.class).get().getMessage();
        return new Refusal(
                "UNSUPPORTED_CLASS_VERSION",
                "The jar was compiled for a newer Java than " + Runtime.version().feature() + ": " + said,
                problem);
    }

    /** Java's own words, when it finds that a jar is not what its signature says. */
    private static boolean isOfSignature(Throwable problem) {
        return ExceptionUtils.findThrowable(problem, SecurityException.class)
                .map(Throwable::getMessage)
                .filter(said -> said.contains("signature") || said.contains("signer") || said.contains("digest"))
                .isPresent();
    }

    private static Refusal ofSignature(Throwable problem) {
        String said = ExceptionUtils.findThrowable(problem, SecurityException.class).get().getMessage();
        return new Refusal(
                "SIGNATURE",
                "A signature in the jar does not fit it: " + said
                        + ". Leave META-INF/*.SF, *.RSA, *.DSA and *.EC out when you build it; or sign it last.",
                problem);
    }

    private static Throwable innermost(Throwable problem) {
        Throwable cause = problem;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
