package penstock.samples;

/** A {@code main} that throws before it submits a job; with {@code --where cluster} only there, and not while it is checked. */
public final class Throws {
    private Throws() {}

    /** Throws. */
    public static void main(String[] args) throws Exception {
        String where = new Arguments(args).text("where", "everywhere");
        // Flink's processes are told where they log; whoever merely builds a job graph is not.
        if (where.equals("cluster") && System.getProperty("log.file") == null) {
            Counter.main(new String[0]);
            return;
        }
        throw new IllegalStateException("This main throws on purpose");
    }
}
