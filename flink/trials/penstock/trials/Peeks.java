package penstock.trials;

import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Tries what no program may and says what came of it, by an exception: in {@code main}, or in a task where the first
 * argument is {@code task}. Each further argument is an attempt: {@code read:PATH write:PATH list:PATH kill:PID
 * listen:ADDRESS child:SECONDS orphan:SECONDS}.
 */
public final class Peeks {
    private Peeks() {}

    /** Tries here or in a task. */
    public static void main(String[] args) throws Exception {
        String[] attempts = Arrays.copyOfRange(args, 1, args.length);
        if (args[0].equals("main")) {
            throw new IllegalStateException(tried(attempts));
        }
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.fromData(1)
                .map(
                        number -> {
                            if (number > 0) {
                                throw new IllegalStateException(tried(attempts));
                            }
                            return number;
                        })
                .sinkTo(new DiscardingSink<>());
        env.execute("Peeks");
    }

    private static String tried(String[] attempts) {
        List<String> said = new ArrayList<>();
        for (String attempt : attempts) {
            String[] parts = attempt.split(":", 2);
            said.add(parts[0] + " " + parts[1] + " is " + (succeeds(parts[0], parts[1]) ? "allowed" : "refused"));
        }
        return String.join("; ", said);
    }

    private static boolean succeeds(String what, String where) {
        try {
            switch (what) {
                case "read":
                    return Files.readAllBytes(Paths.get(where)).length > 0;
                case "write":
                    Path file = Paths.get(where);
                    Files.write(file, new byte[] {1}, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                    return true;
                case "list":
                    return new File(where).list() != null;
                case "kill":
                    ProcessHandle.of(Long.parseLong(where)).get().destroyForcibly();
                    // What was killed does not tell; who is alive afterwards, the test sees.
                    return new ProcessBuilder("kill", "-9", where).start().waitFor() == 0;
                case "orphan":
                    // It has neither our environment nor our session, nor us for its parent.
                    new ProcessBuilder("env", "-i", "setsid", "--fork", "sleep", where).start().waitFor();
                    return true;
                case "child":
                    new ProcessBuilder("setsid", "--fork", "sleep", where).start().waitFor();
                    return true;
                case "listen":
                    new ServerSocket(0, 1, InetAddress.getByName(where)).close();
                    return true;
                default:
                    throw new IllegalArgumentException(what);
            }
        } catch (IOException | InterruptedException refused) {
            return false;
        }
    }
}
