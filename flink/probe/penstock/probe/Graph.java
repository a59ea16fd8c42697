package penstock.probe;

import org.apache.flink.runtime.OperatorIDPair;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.runtime.jobmanager.scheduler.SlotSharingGroup;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ArrayNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The job that a jar builds, with the operators inside its chained vertices: it is they that own state. */
final class Graph {
    // What a job graph is made of. It comes from a Java in which a stranger's code ran: of no other class is anything made.
    private static final ObjectInputFilter PARTS =
            ObjectInputFilter.Config.createFilter(
                    "maxdepth=1000;org.apache.flink.api.common.**;org.apache.flink.configuration.**;"
                            + "org.apache.flink.core.**;org.apache.flink.runtime.**;org.apache.flink.streaming.**;"
                            + "org.apache.flink.util.**;java.lang.*;java.math.*;java.net.URL;java.time.*;java.util.*;!*");

    private final JobGraph job;
    private final List<Operator> operators = new ArrayList<>();

    private Graph(JobGraph job) {
        this.job = job;
        for (JobVertex vertex : job.getVerticesSortedTopologicallyFromSources()) {
            for (OperatorIDPair ids : vertex.getOperatorIDs()) {
                Naming naming =
                        Naming.kept(job.getJobConfiguration(), ids.getGeneratedOperatorID(), vertex.getName());
                operators.add(new Operator(ids, vertex, naming));
            }
        }
    }

    /** The graph that was handed over by {@link Built}, or whatever else lies in the file. */
    static Graph read(String path) throws Refusal {
        try (InputStream file = new FileInputStream(path);
                ObjectInputStream stream = new ObjectInputStream(file)) {
            stream.setObjectInputFilter(PARTS);
            return new Graph((JobGraph) stream.readObject());
        } catch (IOException | ReflectiveOperationException | RuntimeException | LinkageError problem) {
            throw new Refusal("GRAPH_INVALID", "What main hands over is no job graph of Flink: " + problem, problem);
        }
    }

    List<Operator> operators() {
        return operators;
    }

    private int parallelism() {
        return operators.stream().mapToInt(Operator::parallelism).max().orElse(1);
    }

    /** Subtasks of one slot sharing group share slots; groups do not. */
    private int slots() {
        Map<SlotSharingGroup, Integer> widest = new HashMap<>();
        for (JobVertex vertex : job.getVertices()) {
            widest.merge(vertex.getSlotSharingGroup(), vertex.getParallelism(), Math::max);
        }
        return widest.values().stream().mapToInt(Integer::intValue).sum();
    }

    ObjectNode toJson() {
        ObjectNode json =
                Output.object()
                        .put("ok", true)
                        .put("name", job.getName())
                        .put("parallelism", parallelism())
                        .put("slots", slots());
        ArrayNode array = json.putArray("operators");
        operators.forEach(operator -> array.add(operator.toJson()));
        return json;
    }
}
