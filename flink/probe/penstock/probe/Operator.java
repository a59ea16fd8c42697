package penstock.probe;

import org.apache.flink.runtime.OperatorIDPair;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.scheduler.SchedulerBase;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

/** One operator of a job graph. */
final class Operator {
    private final OperatorIDPair ids;
    private final JobVertex vertex;
    private final Naming naming;

    Operator(OperatorIDPair ids, JobVertex vertex, Naming naming) {
        this.ids = ids;
        this.vertex = vertex;
        this.naming = naming;
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
        return naming.name();
    }

    boolean stateful() {
        return naming.stateful();
    }

    /** How its keys are written; null where it has none or nobody knows. */
    String keys() {
        return naming.keys();
    }

    /** -1 where Flink decides when the job runs, as for batch jobs. */
    int parallelism() {
        return vertex.getParallelism();
    }

    /** The maximum parallelism that the program sets, or -1: then Flink takes the one of the savepoint. */
    int maxParallelism() {
        return vertex.getMaxParallelism();
    }

    /** The maximum parallelism that it runs with when it starts without state. */
    int maxParallelismOfFreshStart() {
        return maxParallelism() > 0 ? maxParallelism() : SchedulerBase.getDefaultMaxParallelism(vertex);
    }

    ObjectNode naming() {
        return naming.toJson();
    }

    ObjectNode toJson() {
        ObjectNode json = Output.object().put("id", id().toHexString());
        json.setAll(naming());
        json.put("vertex", vertex.getID().toHexString()).put("parallelism", parallelism());
        if (maxParallelism() > 0) {
            json.put("maxParallelism", maxParallelism());
        }
        return json.put("stateful", naming.stateful());
    }
}
