package penstock.samples;

import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;

/**
 * Counts each key in keyed state, and all keys of the subtask in operator state. The latter is what it logs and shows:
 * it is there again before the first number after a start arrives, and summed over the subtasks it is exact, also
 * after a change of parallelism.
 */
final class Count extends KeyedProcessFunction<Long, Long, Long> implements CheckpointedFunction {
    private static final long serialVersionUID = 1;
    private static final Logger LOG = LoggerFactory.getLogger(Count.class);
    private static final long ONE_SECOND = 1_000_000_000L;

    private final long failAfter;

    private transient ValueState<Long> countOfKey;
    private transient ListState<Long> countOfSubtask;
    // The metric is read by another thread.
    private transient volatile long count;
    private transient long countAtStart;
    private transient long lastLogged;

    Count(long failAfter) {
        this.failAfter = failAfter;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        countOfKey = context.getKeyedStateStore().getState(new ValueStateDescriptor<>("count", Types.LONG));
        countOfSubtask =
                context.getOperatorStateStore().getListState(new ListStateDescriptor<>("count", Types.LONG));
        for (long part : countOfSubtask.get()) {
            count += part;
        }
        countAtStart = count;
    }

    @Override
    public void open(Configuration configuration) {
        getRuntimeContext().getMetricGroup().gauge("count", (Gauge<Long>) () -> count);
        lastLogged = System.nanoTime();
        LOG.info("count starts at {}", count);
    }

    @Override
    public void processElement(Long number, Context context, Collector<Long> out) throws Exception {
        if (count - countAtStart >= failAfter) {
            throw new IllegalStateException("Failed after " + failAfter + " numbers, as --fail-after asked");
        }
        Long before = countOfKey.value();
        long after = before == null ? 1 : before + 1;
        countOfKey.update(after);
        count++;
        out.collect(after);

        long now = System.nanoTime();
        if (now - lastLogged >= ONE_SECOND) {
            lastLogged = now;
            LOG.info("count is {}", count);
        }
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        countOfSubtask.update(List.of(count));
    }
}
