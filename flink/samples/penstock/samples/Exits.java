package penstock.samples;

/** A {@code main} that ends the JVM before it submits a job. */
public final class Exits {
    private Exits() {}

    /** Ends the JVM with exit code 3. */
    public static void main(String[] args) {
        System.exit(3);
    }
}
