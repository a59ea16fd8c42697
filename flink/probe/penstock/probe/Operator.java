package penstock.probe;

import org.apache.flink.runtime.OperatorIDPair;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.apache.flink.streaming.api.operators.SourceOperatorFactory;
import org.apache.flink.streaming.api.operators.UdfStreamOperatorFactory;

/** One operator of a job graph. */
final class Operator {
    private final OperatorIDPair ids;
    private final JobVertex vertex;
    // A batch program of the old DataSet API has none.
    private final StreamNode node;

    Operator(OperatorIDPair ids, JobVertex vertex, StreamNode node) {
        this.ids = ids;
        this.vertex = vertex;
        this.node = node;
    }

    /** The id that its state bears in a savepoint. */
    OperatorID id() {
        return ids.getUserDefinedOperatorID().orElse(ids.getGeneratedOperatorID());
    }

    /** Flink looks for state under the id that {@code setUidHash} gave, and under the generated one as well. */
    boolean answersTo(OperatorID id) {
        return id.equals(id()) || id.equals(ids.getGeneratedOperatorID());
    }

    String name() {
        return node == null ? vertex.getName() : node.getOperatorName();
    }

    int parallelism() {
        return vertex.getParallelism();
    }

    /** The maximum parallelism that the program sets, or -1: then Flink takes the one of the savepoint. */
    int maxParallelism() {
        return vertex.getMaxParallelism();
    }

    /** Whether it shows signs of state: a source, a key, a function with operator state. An operator of the user's own may hide more. */
    private boolean stateful() {
        if (node == null) {
            return false;
        }
        if (node.getStateKeySerializer() != null || node.getOperatorFactory() instanceof SourceOperatorFactory) {
            return true;
        }
        return node.getOperatorFactory() instanceof UdfStreamOperatorFactory
                && ((UdfStreamOperatorFactory<?>) node.getOperatorFactory()).getUserFunction()
                        instanceof CheckpointedFunction;
    }

    /** {@code name}, and {@code uid} where the program gives one. */
    ObjectNode naming() {
        ObjectNode json = Output.object().put("name", name());
        if (node != null && node.getTransformationUID() != null) {
            json.put("uid", node.getTransformationUID());
        }
        return json;
    }

    ObjectNode toJson() {
        ObjectNode json = Output.object().put("id", id().toHexString());
        json.setAll(naming());
        json.put("vertex", vertex.getID().toHexString()).put("parallelism", parallelism());
        if (maxParallelism() > 0) {
            json.put("maxParallelism", maxParallelism());
        }
        return json.put("stateful", stateful());
    }
}
