package penstock.trials;

import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * A {@code main} that submits a job that would run for ever, and ends for a reason of its own a second later: {@code
 * throw}, {@code exit} or {@code halt}.
 */
public final class Quits {
    private Quits() {}

    /** The first argument says how. */
    public static void main(String[] args) throws Exception {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.fromSequence(0, Long.MAX_VALUE).sinkTo(new DiscardingSink<>());
        env.executeAsync("quits");
        Thread.sleep(1000);
        switch (args[0]) {
            case "throw":
                throw new IllegalStateException("bookkeeping failed");
            case "exit":
                System.exit(3);
                break;
            default:
                Runtime.getRuntime().halt(4);
        }
    }
}
