package penstock.samples;

import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStreamSink;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * A batch job: sums numbers by key, in two stages that run one after the other, and finishes.
 *
 * <pre>
 * --items 1000         how many numbers
 * --parallelism N      of every operator; without it Flink decides when the job runs
 * --millis 0           how long each number of the first stage takes
 * </pre>
 */
public final class Batch {
    private Batch() {}

    /** Builds the job and submits it. */
    public static void main(String[] args) throws Exception {
        Arguments arguments = new Arguments(args);
        int parallelism = (int) arguments.number("parallelism", 0);
        long millis = arguments.number("millis", 0);

        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.setRuntimeMode(RuntimeExecutionMode.BATCH);
        SingleOutputStreamOperator<Long> numbers =
                env.fromSequence(1, arguments.number("items", 1000)).name("Numbers");
        SingleOutputStreamOperator<Long> first =
                numbers.map(
                                number -> {
                                    Thread.sleep(millis);
                                    return number;
                                })
                        .returns(Types.LONG)
                        .name("First stage");
        SingleOutputStreamOperator<Long> sum = first.keyBy(number -> number % 4).reduce(Long::sum).name("Sum");
        DataStreamSink<Long> sink = sum.sinkTo(new DiscardingSink<>()).name("Discard");
        if (parallelism > 0) {
            // What the environment alone is told, Flink takes as a limit and decides itself.
            numbers.setParallelism(parallelism);
            first.setParallelism(parallelism);
            sum.setParallelism(parallelism);
            sink.setParallelism(parallelism);
        }
        env.execute("Batch");
    }
}
