package penstock.samples;

/** A {@code main} that throws before it submits a job. */
public final class Throws {
    private Throws() {}

    /** Throws. */
    public static void main(String[] args) {
        throw new IllegalStateException("This main throws on purpose");
    }
}
