package penstock.probe;

import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ArrayNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Whether state finds its operators in a job graph, operator by operator, by the rules that Flink applies at a start. */
final class Fit {
    // What becomes of an operator's state.
    private static final String TAKEN_UP = "TAKEN_UP";
    private static final String LEFT_OVER = "LEFT_OVER";
    private static final String NEW = "NEW";
    private static final String MAX_PARALLELISM = "MAX_PARALLELISM";
    private static final String PARALLELISM = "PARALLELISM";
    private static final String KEY_TYPE = "KEY_TYPE";

    private final Graph graph;
    private final ArrayNode operators = Output.object().putArray("operators");

    private Fit(Graph graph) {
        this.graph = graph;
    }

    /** The state of a savepoint. It knows ids alone: {@code before}, the job that wrote it, knows names; may be null. */
    static Fit ofSavepoint(Savepoint savepoint, Graph before, Graph graph) {
        Fit fit = new Fit(graph);
        for (OperatorState state : savepoint.operators()) {
            Optional<Operator> wrote =
                    Optional.ofNullable(before).flatMap(job -> job.operatorFor(state.getOperatorID()));
            fit.compare(state, wrote);
        }
        fit.addNew(operator -> savepoint.operators().stream().anyMatch(one -> operator.answersTo(one.getOperatorID())));
        return fit;
    }

    /** The same of several, one path a line: each by itself, so that one that cannot be read hides no other. */
    static ObjectNode ofSavepoints(String list, Graph before, Graph graph) throws Refusal {
        List<String> paths;
        try {
            paths = Files.readAllLines(Path.of(list));
        } catch (IOException unreadable) {
            throw new Refusal("BAD_USAGE", "--states cannot be read: " + unreadable, unreadable);
        }
        ObjectNode json = Output.object().put("ok", true);
        ArrayNode answers = json.putArray("states");
        for (String path : paths) {
            try {
                answers.add(ofSavepoint(Savepoint.at(path), before, graph).toJson());
            } catch (Refusal refusal) {
                answers.add(refusal.toJson());
            }
        }
        return json;
    }

    /** The state that a running job has by now, as far as its graph shows it. */
    static Fit ofJob(Graph before, Graph graph) {
        Fit fit = new Fit(graph);
        before.operators().stream().filter(Operator::stateful).forEach(fit::compare);
        fit.addNew(operator -> before.operatorFor(operator.id()).isPresent());
        return fit;
    }

    private void compare(OperatorState state, Optional<Operator> wrote) {
        String id = state.getOperatorID().toHexString();
        boolean holdsState = Savepoint.holdsState(state);
        Optional<Operator> found = graph.operatorFor(state.getOperatorID());
        if (found.isEmpty()) {
            if (holdsState) {
                add(id, wrote, LEFT_OVER, true).put("stateSize", state.getStateSize());
            }
            return;
        }
        Operator operator = found.get();
        int most = state.getMaxParallelism();
        if (operator.parallelism() > most) {
            clash(id, found, PARALLELISM, most, operator.parallelism(), true);
        } else if (operator.maxParallelism() > 0 && operator.maxParallelism() != most) {
            clash(id, found, MAX_PARALLELISM, most, operator.maxParallelism(), true);
        } else if (holdsState && wrote.isPresent() && otherKeys(wrote.get(), operator)) {
            clash(id, found, KEY_TYPE, wrote.get().keys(), operator.keys());
        } else if (holdsState) {
            add(id, found, TAKEN_UP, true).put("stateSize", state.getStateSize());
        }
    }

    private void compare(Operator before) {
        String id = before.id().toHexString();
        Optional<Operator> found = graph.operatorFor(before.id());
        if (found.isEmpty()) {
            add(id, Optional.of(before), LEFT_OVER, true);
            return;
        }
        Operator operator = found.get();
        int most = before.maxParallelismOfFreshStart();
        // Started from a savepoint it may have that one's, where the program sets none.
        boolean certain = before.maxParallelism() > 0;
        if (operator.parallelism() > most) {
            clash(id, found, PARALLELISM, most, operator.parallelism(), certain);
        } else if (operator.maxParallelism() > 0 && operator.maxParallelism() != most) {
            clash(id, found, MAX_PARALLELISM, most, operator.maxParallelism(), certain);
        } else if (otherKeys(before, operator)) {
            clash(id, found, KEY_TYPE, before.keys(), operator.keys());
        } else {
            add(id, found, TAKEN_UP, true);
        }
    }

    private void addNew(Predicate<Operator> known) {
        graph.operators().stream()
                .filter(Operator::stateful)
                .filter(known.negate())
                .forEach(operator -> add(operator.id().toHexString(), Optional.of(operator), NEW, true));
    }

    private static boolean otherKeys(Operator before, Operator after) {
        return before.keys() != null && after.keys() != null && !before.keys().equals(after.keys());
    }

    private ObjectNode add(String id, Optional<Operator> named, String fit, boolean certain) {
        ObjectNode json = operators.addObject().put("id", id);
        named.ifPresent(operator -> json.setAll(operator.naming()));
        return json.put("fit", fit).put("certain", certain);
    }

    private void clash(String id, Optional<Operator> named, String fit, int was, int wants, boolean certain) {
        add(id, named, fit, certain).put("was", Integer.toString(was)).put("wants", Integer.toString(wants));
    }

    private void clash(String id, Optional<Operator> named, String fit, String was, String wants) {
        add(id, named, fit, true).put("was", shortened(was)).put("wants", shortened(wants));
    }

    private static String shortened(String className) {
        return className.substring(className.lastIndexOf('.') + 1);
    }

    ObjectNode toJson() {
        ObjectNode json = Output.object().put("ok", true);
        json.set("operators", operators);
        return json;
    }
}
