package penstock.probe;

import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ArrayNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Optional;

/** Whether a savepoint's state finds its operators in a job graph, by the rules that Flink applies at a start. */
final class Fit {
    private final Savepoint savepoint;
    private final Graph graph;
    private final ArrayNode missing;
    private final ArrayNode clashes;

    private Fit(Savepoint savepoint, Graph graph) {
        this.savepoint = savepoint;
        this.graph = graph;
        this.missing = Output.object().putArray("missing");
        this.clashes = Output.object().putArray("clashes");
        for (OperatorState state : savepoint.operators()) {
            compare(state);
        }
    }

    static Fit of(Savepoint savepoint, Graph graph) {
        return new Fit(savepoint, graph);
    }

    private Optional<Operator> operatorFor(OperatorState state) {
        return graph.operators().stream().filter(operator -> operator.answersTo(state.getOperatorID())).findFirst();
    }

    private void compare(OperatorState state) {
        Optional<Operator> found = operatorFor(state);
        if (found.isEmpty()) {
            if (Savepoint.holdsState(state)) {
                missing.add(Savepoint.toJson(state));
            }
            return;
        }
        Operator operator = found.get();
        if (operator.parallelism() > state.getMaxParallelism()) {
            addClash(operator, state, "parallelism " + operator.parallelism());
        } else if (operator.maxParallelism() > 0 && operator.maxParallelism() != state.getMaxParallelism()) {
            addClash(operator, state, "maximum parallelism " + operator.maxParallelism());
        }
    }

    private void addClash(Operator operator, OperatorState state, String wants) {
        clashes.addObject()
                .put("id", operator.id().toHexString())
                .put("name", operator.name())
                .put(
                        "reason",
                        "The job wants " + wants + ", but the savepoint was written with maximum parallelism "
                                + state.getMaxParallelism() + ".");
    }

    private ObjectNode savepointJson() {
        ObjectNode json = savepoint.toJson();
        // A savepoint knows ids only; the jar tells what they are called.
        int index = 0;
        for (OperatorState state : savepoint.operators()) {
            ObjectNode entry = (ObjectNode) json.get("operators").get(index++);
            operatorFor(state).ifPresent(operator -> entry.setAll(operator.naming()));
        }
        return json;
    }

    ObjectNode toJson() {
        ObjectNode json = Output.object().put("ok", true).put("fits", missing.isEmpty() && clashes.isEmpty());
        json.set("missing", missing);
        json.set("clashes", clashes);
        json.set("savepoint", savepointJson());
        json.set("graph", graph.toJson());
        return json;
    }
}
