package penstock.samples;

import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

import java.util.concurrent.CountDownLatch;

/**
 * A {@code main} that goes on after it has submitted its job.
 *
 * <pre>
 * --then execute       submits another one when the first has ended
 * --then submit        submits another one at once
 * --then throw         throws
 * --then exit          ends Java
 * --then wait          never returns
 * --then swallow       catches whatever execute() throws, and returns
 * --then return        returns, as it should
 * </pre>
 */
public final class Several {
    private Several() {}

    /** Submits a job; then does as it is told. */
    public static void main(String[] args) throws Exception {
        String then = new Arguments(args).text("then", "return");
        switch (then) {
            case "execute":
                numbers().execute("First");
                numbers().execute("Second");
                break;
            case "swallow":
                try {
                    numbers().execute("First");
                } catch (Throwable swallowed) {
                    System.out.println("Swallowed " + swallowed);
                }
                break;
            default:
                numbers().executeAsync("First");
                goOn(then);
        }
    }

    private static void goOn(String then) throws Exception {
        switch (then) {
            case "submit":
                numbers().executeAsync("Second");
                break;
            case "throw":
                throw new IllegalStateException("The bookkeeping failed on purpose");
            case "exit":
                System.exit(0);
                break;
            case "wait":
                new CountDownLatch(1).await();
                break;
            default:
        }
    }

    private static StreamExecutionEnvironment numbers() {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.fromSequence(1, 1000).sinkTo(new DiscardingSink<>());
        return env;
    }
}
