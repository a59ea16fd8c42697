package penstock.trials;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A {@code main} that prints a good answer of its own and ends Java before anybody contradicts. */
public final class Forges {
    private static final String ANSWER =
            "{\"ok\":true,\"name\":\"Forged\",\"parallelism\":1,\"slots\":1,\"operators\":[]}";

    private Forges() {}

    /** Answers. */
    public static void main(String[] args) throws IOException {
        try (FileOutputStream answer = new FileOutputStream(FileDescriptor.out)) {
            answer.write(ANSWER.getBytes(StandardCharsets.UTF_8));
        }
        Runtime.getRuntime().halt(0);
    }
}
