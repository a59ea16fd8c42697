package penstock.trials;

import java.io.IOException;

/**
 * A {@code main} whose processes each start two more, 4,096 where nothing bounds them: {@code Bombs <seconds>}, for which
 * each of the last sleeps.
 */
public final class Bombs {
    private static final String BOMB =
            "f() { if [ $1 -gt 11 ]; then exec sleep $2; fi; f $(($1+1)) $2 & f $(($1+1)) $2 & wait; }; f 0 $0";

    private Bombs() {}

    /** Starts the first. */
    public static void main(String[] args) throws IOException, InterruptedException {
        new ProcessBuilder("sh", "-c", BOMB, args[0]).start();
        // Long enough for all of them, where they are not bounded.
        Thread.sleep(3_000);
        throw new IllegalStateException("The bomb has gone off");
    }
}
