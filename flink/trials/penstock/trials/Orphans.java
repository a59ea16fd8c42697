package penstock.trials;

import java.io.IOException;

/** A {@code main} that starts a process in a session of its own, which holds the output open, and ends: {@code Orphans <seconds>}. */
public final class Orphans {
    private Orphans() {}

    /** Starts it and leaves it alone. */
    public static void main(String[] args) throws IOException {
        new ProcessBuilder("env", "-i", "setsid", "--fork", "sleep", args[0]).inheritIO().start();
        Runtime.getRuntime().halt(0);
    }
}
