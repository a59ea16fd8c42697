package penstock.trials;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;

/** A {@code main} that prints without end where the answer belongs. */
public final class Floods {
    private Floods() {}

    /** Prints. */
    public static void main(String[] args) throws IOException {
        byte[] much = new byte[1 << 20];
        try (FileOutputStream answer = new FileOutputStream(FileDescriptor.out)) {
            while (true) {
                answer.write(much);
            }
        }
    }
}
