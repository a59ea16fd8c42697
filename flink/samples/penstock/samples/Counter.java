package penstock.samples;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts numbers for ever, and goes on counting where a savepoint left off: the count that it logs and shows as the
 * metric {@code count} proves that state was kept.
 *
 * <pre>
 * --rate 100        numbers per second, all subtasks together
 * --keys 10         how many keys the numbers are spread over
 * --uid count       uid of the counting operator; another one makes older savepoints unfit
 * --max N           finish after N numbers
 * --fail-after N    fail after N numbers in one subtask, counted anew at every start
 * --label NAME      name of the job, where the configuration (pipeline.name) gives none; printed and logged too
 * </pre>
 */
public final class Counter {
    private static final Logger LOG = LoggerFactory.getLogger(Counter.class);

    private Counter() {}

    /** Builds the job and submits it. */
    public static void main(String[] args) throws Exception {
        Arguments arguments = new Arguments(args);
        long keys = arguments.number("keys", 10);

        DataGeneratorSource<Long> numbers =
                new DataGeneratorSource<>(
                        number -> number,
                        arguments.number("max", Long.MAX_VALUE),
                        RateLimiterStrategy.perSecond(arguments.number("rate", 100)),
                        Types.LONG);

        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.fromSource(numbers, WatermarkStrategy.noWatermarks(), "Numbers")
                .uid("numbers")
                .keyBy(number -> number % keys)
                .process(new Count(arguments.number("fail-after", Long.MAX_VALUE)))
                .name("Count")
                .uid(arguments.text("uid", "count"))
                .sinkTo(new DiscardingSink<>())
                .name("Discard")
                .uid("discard");

        String label = arguments.text("label", "Counter");
        System.out.println(label + " is printed");
        LOG.info("{} is logged", label);
        env.execute(env.getConfiguration().getOptional(PipelineOptions.NAME).orElse(label));
    }
}
