package penstock.probe;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.apache.flink.streaming.api.operators.SourceOperatorFactory;
import org.apache.flink.streaming.api.operators.UdfStreamOperatorFactory;

/** What a program calls an operator, and whether it shows signs of state: only words to be shown, kept with the job. */
final class Naming {
    private final String name;
    // May be null.
    private final String uid;
    private final boolean stateful;

    private Naming(String name, String uid, boolean stateful) {
        this.name = name;
        this.uid = uid;
        this.stateful = stateful;
    }

    static Naming of(StreamNode node) {
        return new Naming(node.getOperatorName(), node.getTransformationUID(), isStateful(node));
    }

    /** A source, a key, a function with operator state. An operator of the user's own may hide more. */
    private static boolean isStateful(StreamNode node) {
        if (node.getStateKeySerializer() != null || node.getOperatorFactory() instanceof SourceOperatorFactory) {
            return true;
        }
        return node.getOperatorFactory() instanceof UdfStreamOperatorFactory
                && ((UdfStreamOperatorFactory<?>) node.getOperatorFactory()).getUserFunction()
                        instanceof CheckpointedFunction;
    }

    /** What was kept of an operator; an operator of the old DataSet API has only its vertex's name. */
    static Naming kept(Configuration configuration, OperatorID id, String otherwise) {
        return new Naming(
                configuration.getString(key(id, "name"), otherwise),
                configuration.getString(key(id, "uid"), null),
                configuration.getString(key(id, "stateful"), "").equals("true"));
    }

    void keep(Configuration configuration, OperatorID id) {
        configuration.setString(key(id, "name"), name);
        configuration.setString(key(id, "stateful"), Boolean.toString(stateful));
        if (uid != null) {
            configuration.setString(key(id, "uid"), uid);
        }
    }

    private static String key(OperatorID id, String what) {
        return "penstock.operator." + id.toHexString() + "." + what;
    }

    boolean stateful() {
        return stateful;
    }

    String name() {
        return name;
    }

    /** {@code name}, and {@code uid} where the program gives one. */
    ObjectNode toJson() {
        ObjectNode json = Output.object().put("name", name);
        if (uid != null) {
            json.put("uid", uid);
        }
        return json;
    }
}
