package penstock.samples;

import java.util.concurrent.CountDownLatch;

/** A {@code main} that never returns and never submits a job. */
public final class Hangs {
    private Hangs() {}

    /** Waits for ever. */
    public static void main(String[] args) throws InterruptedException {
        new CountDownLatch(1).await();
    }
}
