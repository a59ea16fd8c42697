package penstock.probe;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;

/** Answers in place of a user's {@code main} that never comes back or that ends the JVM. */
final class Guard {
    private Guard() {}

    /** Starts to watch; the thread that calls is the one that will run {@code main}. */
    static void mount(Output output, Submissions submissions, Duration deadline) {
        Thread main = Thread.currentThread();
        Thread clock = new Thread(() -> waitThenAnswer(output, submissions, deadline, main), "deadline");
        clock.setDaemon(true);
        clock.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> answerIfExited(output, submissions), "exit"));
    }

    private static void waitThenAnswer(Output output, Submissions submissions, Duration deadline, Thread main) {
        try {
            Thread.sleep(deadline.toMillis());
        } catch (InterruptedException impossible) {
            return;
        }
        if (!submissions.isEmpty()) {
            submissions.handOver(Afterwards.BUSY, "");
        }
        Refusal refusal =
                new Refusal(
                        "HANGS",
                        "No job graph after " + deadline.toSeconds() + " seconds: main neither submits a job nor returns.");
        refusal.setStackTrace(main.getStackTrace());
        output.answer(refusal.toJson());
    }

    /**
     * A hook cannot see the exit code, but it sees who waits in {@code System.exit}. A signal has no such thread: then
     * there is no answer.
     */
    private static void answerIfExited(Output output, Submissions submissions) {
        for (Map.Entry<Thread, StackTraceElement[]> thread : Thread.getAllStackTraces().entrySet()) {
            StackTraceElement[] stack = thread.getValue();
            for (int i = 0; i < stack.length; i++) {
                if (stack[i].getClassName().equals("java.lang.Runtime") && stack[i].getMethodName().equals("exit")) {
                    if (!submissions.isEmpty()) {
                        submissions.handOver(Afterwards.EXITS, "");
                    }
                    Refusal refusal =
                            new Refusal("MAIN_EXITED", "main ends the JVM with System.exit before it submits a job.");
                    refusal.setStackTrace(Arrays.copyOfRange(stack, i, stack.length));
                    output.answer(refusal.toJson());
                }
            }
        }
    }
}
