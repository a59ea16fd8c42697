package penstock.samples;

/** A {@code main} that returns without a job. */
public final class Silent {
    private Silent() {}

    /** Prints a line and returns. */
    public static void main(String[] args) {
        System.out.println("This main submits nothing");
    }
}
