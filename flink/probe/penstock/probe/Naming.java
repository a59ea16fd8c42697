package penstock.probe;

import org.apache.flink.api.common.functions.Function;
import org.apache.flink.api.common.functions.RichFunction;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.apache.flink.streaming.api.operators.SimpleOperatorFactory;
import org.apache.flink.streaming.api.operators.SourceOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamFilter;
import org.apache.flink.streaming.api.operators.StreamFlatMap;
import org.apache.flink.streaming.api.operators.StreamMap;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.UdfStreamOperatorFactory;

/** What a program calls an operator, and what it shows of its state: only words to be shown, kept with the job. */
final class Naming {
    private final String name;
    // May be null.
    private final String uid;
    private final boolean stateful;
    // How its keys are written, by the name of the serializer's class; may be null.
    private final String keys;

    private Naming(String name, String uid, boolean stateful, String keys) {
        this.name = name;
        this.uid = uid;
        this.stateful = stateful;
        this.keys = keys;
    }

    static Naming of(StreamNode node) {
        TypeSerializer<?> keys = node.getStateKeySerializer();
        return new Naming(
                node.getOperatorName(),
                node.getTransformationUID(),
                isStateful(node),
                keys == null ? null : keys.getClass().getName());
    }

    /** A source, what works by key, a function with operator state. An operator of the user's own may hide more. */
    private static boolean isStateful(StreamNode node) {
        if (node.getOperatorFactory() instanceof SourceOperatorFactory) {
            return true;
        }
        Function function =
                node.getOperatorFactory() instanceof UdfStreamOperatorFactory
                        ? ((UdfStreamOperatorFactory<?>) node.getOperatorFactory()).getUserFunction()
                        : null;
        return function instanceof CheckpointedFunction
                || node.getStateKeySerializer() != null && !isPlain(node, function);
    }

    /** A map, filter or flat map that is a mere lambda reaches no state, also behind a key. */
    private static boolean isPlain(StreamNode node, Function function) {
        if (function == null
                || function instanceof RichFunction
                || !(node.getOperatorFactory() instanceof SimpleOperatorFactory)) {
            return false;
        }
        StreamOperator<?> operator = ((SimpleOperatorFactory<?>) node.getOperatorFactory()).getOperator();
        return operator instanceof StreamMap || operator instanceof StreamFilter || operator instanceof StreamFlatMap;
    }

    /** What was kept of an operator; an operator of the old DataSet API has only its vertex's name. */
    static Naming kept(Configuration configuration, OperatorID id, String otherwise) {
        return new Naming(
                configuration.getString(key(id, "name"), otherwise),
                configuration.getString(key(id, "uid"), null),
                configuration.getString(key(id, "stateful"), "").equals("true"),
                configuration.getString(key(id, "keys"), null));
    }

    void keep(Configuration configuration, OperatorID id) {
        configuration.setString(key(id, "name"), name);
        configuration.setString(key(id, "stateful"), Boolean.toString(stateful));
        if (uid != null) {
            configuration.setString(key(id, "uid"), uid);
        }
        if (keys != null) {
            configuration.setString(key(id, "keys"), keys);
        }
    }

    private static String key(OperatorID id, String what) {
        return "penstock.operator." + id.toHexString() + "." + what;
    }

    boolean stateful() {
        return stateful;
    }

    String keys() {
        return keys;
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
