package penstock.launcher;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.util.ExceptionUtils;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Runs the job's own {@code main} and keeps a record of how it ends, whoever is there to see it: by nothing else can
 * the job's own word be told from a machine that killed it.
 *
 * <p>The record is {@code {"main", "exception" or null}}; {@code main} is {@code RUNS}, {@code RETURNED}, {@code THREW},
 * {@code EXITED} (it ended the virtual machine) or {@code ENDED} (the virtual machine ended for another reason). What is
 * halted or killed has no time to write: its record stays at {@code RUNS}.
 */
public final class Main {
    private static String entryClass;
    private static Path record;
    private static boolean runs;

    private Main() {}

    /** From now on {@link #main} runs that class and keeps its record there. */
    static synchronized void prepare(String entryClass, Path record) {
        Main.entryClass = entryClass;
        Main.record = record;
        Runtime.getRuntime().addShutdownHook(new Thread(Main::shutDown, "Main record"));
    }

    /** What Flink takes for the job's entry class. */
    public static void main(String[] arguments) throws Throwable {
        write("RUNS", null);
        try {
            ClassLoader jobs = Thread.currentThread().getContextClassLoader();
            Class.forName(entryClass, false, jobs)
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) arguments);
        } catch (InvocationTargetException thrown) {
            write("THREW", thrown.getCause());
            throw thrown.getCause();
        } catch (Throwable unusable) {
            write("THREW", unusable);
            throw unusable;
        }
        write("RETURNED", null);
    }

    private static void shutDown() {
        if (runs) {
            boolean byTheJob = Thread.getAllStackTraces().values().stream().anyMatch(Main::exitsByTheJob);
            write(byTheJob ? "EXITED" : "ENDED", null);
        }
    }

    /** Whether this is the thread that asked for the end, and classes of the job are on its stack. */
    private static boolean exitsByTheJob(StackTraceElement[] stack) {
        boolean exits =
                Stream.of(stack)
                        .anyMatch(
                                frame ->
                                        frame.getClassName().equals("java.lang.Runtime")
                                                && frame.getMethodName().equals("exit"));
        return exits && Stream.of(stack).map(StackTraceElement::getClassName).anyMatch(Main::isOfTheJob);
    }

    private static boolean isOfTheJob(String className) {
        return Stream.of("java.", "javax.", "jdk.", "sun.", "org.apache.flink.", "penstock.launcher.", "akka.",
                        "org.apache.pekko.", "scala.")
                .noneMatch(className::startsWith);
    }

    private static synchronized void write(String main, Throwable thrown) {
        runs = main.equals("RUNS");
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("main", main);
        fields.put("exception", thrown == null ? null : ExceptionUtils.stringifyException(thrown));
        try {
            Path part = record.resolveSibling(record.getFileName() + ".part");
            Files.write(part, new ObjectMapper().writeValueAsBytes(fields));
            Files.move(part, record, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException full) {
            // Without a record the end is judged by what else there is. The job matters more.
            System.err.println("How main ends cannot be written to " + record + ": " + full);
        }
    }
}
