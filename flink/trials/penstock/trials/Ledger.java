package penstock.trials;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.runtime.state.storage.JobManagerCheckpointStorage;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.environment.CheckpointConfig;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.Collector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;

/**
 * Numbers 0, 1, 2, ... in their order, each written into the log with the count that the state holds. Nobody who lost
 * state, used an older one or did something twice can write the same lines: what a run begins with is exact.
 *
 * <pre>
 * fails N     fails after N numbers, counted anew at every start
 * commits     fails when it is told that a snapshot is complete
 * elsewhere   its own code keeps its checkpoints in another folder than its options name
 * outside     the same, in a folder that is not the cluster's
 * memory      its own code leaves its checkpoints to the job manager's memory
 * off         its own code switches checkpoints off
 * </pre>
 */
public final class Ledger {
    private Ledger() {}

    /** Builds the job and submits it. */
    public static void main(String[] args) throws Exception {
        List<String> words = List.of(args);
        long fails = words.contains("fails") ? Long.parseLong(words.get(words.indexOf("fails") + 1)) : Long.MAX_VALUE;
        DataGeneratorSource<Long> numbers =
                new DataGeneratorSource<>(
                        number -> number, Long.MAX_VALUE, RateLimiterStrategy.perSecond(50), Types.LONG);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.setParallelism(1);
        keepState(env, words);
        env.fromSource(numbers, WatermarkStrategy.noWatermarks(), "Numbers")
                .uid("numbers")
                .process(new Entry(fails, words.contains("commits")))
                .uid("ledger")
                .name("Ledger")
                .sinkTo(new DiscardingSink<>())
                .uid("discard");
        env.execute("ledger");
    }

    private static void keepState(StreamExecutionEnvironment env, List<String> words) {
        CheckpointConfig checkpoints = env.getCheckpointConfig();
        if (words.contains("elsewhere")) {
            String asked = env.getConfiguration().get(CheckpointingOptions.CHECKPOINTS_DIRECTORY);
            checkpoints.setCheckpointStorage(asked == null ? "file:///elsewhere" : asked + "/../own-choice");
        }
        if (words.contains("outside")) {
            checkpoints.setCheckpointStorage("file:///var/tmp/ledger");
        }
        if (words.contains("memory")) {
            checkpoints.setCheckpointStorage(new JobManagerCheckpointStorage());
        }
        if (words.contains("off")) {
            checkpoints.disableCheckpointing();
        }
    }

    private static final class Entry extends ProcessFunction<Long, Long>
            implements CheckpointedFunction, CheckpointListener {
        private static final long serialVersionUID = 1;
        private static final Logger LOG = LoggerFactory.getLogger(Entry.class);

        private final long fails;
        private final boolean failsAtCommit;

        private transient ListState<Long> state;
        private transient long count;
        private transient long begun;

        Entry(long fails, boolean failsAtCommit) {
            this.fails = fails;
            this.failsAtCommit = failsAtCommit;
        }

        @Override
        public void initializeState(FunctionInitializationContext context) throws Exception {
            state = context.getOperatorStateStore().getListState(new ListStateDescriptor<>("count", Types.LONG));
            for (long part : state.get()) {
                count += part;
            }
        }

        @Override
        public void open(Configuration configuration) {
            begun = count;
            LOG.info("ledger begins {}", count);
        }

        @Override
        public void processElement(Long number, Context context, Collector<Long> out) {
            if (count - begun >= fails) {
                throw new IllegalStateException("Failed after " + fails + " numbers, as it was asked");
            }
            LOG.info("ledger entry {} {}", number, count);
            count++;
            out.collect(number);
        }

        @Override
        public void snapshotState(FunctionSnapshotContext context) throws Exception {
            state.update(List.of(count));
        }

        @Override
        public void notifyCheckpointComplete(long checkpoint) {
            if (failsAtCommit) {
                throw new IllegalStateException("The commit failed on purpose");
            }
        }
    }
}
