package penstock.samples;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * A job whose state can be made to fit its own savepoints no more, in each of the ways that there are.
 *
 * <pre>
 * --second yes|no          whether it has its second operator with state; without it that state is left over
 * --max-parallelism N      of the first operator
 * --keys long|text         the type of the first operator's keys
 * </pre>
 */
public final class Fit {
    private Fit() {}

    /** Builds the job and submits it. */
    public static void main(String[] args) throws Exception {
        Arguments arguments = new Arguments(args);
        DataGeneratorSource<Long> numbers =
                new DataGeneratorSource<>(
                        number -> number, Long.MAX_VALUE, RateLimiterStrategy.perSecond(50), Types.LONG);

        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        DataStream<Long> stream =
                env.fromSource(numbers, WatermarkStrategy.noWatermarks(), "Numbers").uid("numbers");
        boolean text = arguments.text("keys", "long").equals("text");
        SingleOutputStreamOperator<Long> first =
                (text ? largest(stream, Types.STRING) : largest(stream, Types.LONG)).name("First largest").uid("first");
        int most = (int) arguments.number("max-parallelism", 0);
        if (most > 0) {
            first.setMaxParallelism(most);
        }
        first.sinkTo(new DiscardingSink<>()).name("Forget first").uid("forget-first");
        if (arguments.text("second", "yes").equals("yes")) {
            largest(stream, Types.LONG)
                    .name("Second largest")
                    .uid("second")
                    .sinkTo(new DiscardingSink<>())
                    .name("Forget second")
                    .uid("forget-second");
        }
        env.execute("Fit");
    }

    @SuppressWarnings("unchecked")
    private static <K> SingleOutputStreamOperator<Long> largest(DataStream<Long> stream, TypeInformation<K> type) {
        boolean text = type.equals(Types.STRING);
        return stream.keyBy(number -> (K) (text ? Long.toString(number % 3) : (Object) (number % 3)), type)
                .reduce(Math::max);
    }
}
