package penstock.samples;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * Keeps the largest number of each key: a job that shares no operator with {@link Counter}, so that neither takes the
 * savepoints of the other.
 */
public final class OtherJob {
    private OtherJob() {}

    /** Builds the job and submits it. */
    public static void main(String[] args) throws Exception {
        DataGeneratorSource<Long> readings =
                new DataGeneratorSource<>(
                        number -> number * 7919 % 1000,
                        Long.MAX_VALUE,
                        RateLimiterStrategy.perSecond(10),
                        Types.LONG);

        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.fromSource(readings, WatermarkStrategy.noWatermarks(), "Readings")
                .uid("readings")
                .keyBy(reading -> reading % 3)
                .reduce(Math::max)
                .name("Largest")
                .uid("largest")
                .sinkTo(new DiscardingSink<>())
                .name("Forget")
                .uid("forget");
        env.execute("Other job");
    }
}
