package penstock.probe;

import org.apache.flink.runtime.OperatorIDPair;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.JobType;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ArrayNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

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
            throw new Refusal("GRAPH_UNREADABLE", "What main hands over is no job graph of Flink: " + problem, problem);
        }
    }

    List<Operator> operators() {
        return operators;
    }

    /** The operator that takes up the state of this id, if there is one. */
    Optional<Operator> operatorFor(OperatorID id) {
        return operators.stream().filter(operator -> operator.answersTo(id)).findFirst();
    }

    /** The highest that the program sets; none where it leaves all of them to Flink. */
    private OptionalInt parallelism() {
        return operators.stream().mapToInt(Operator::parallelism).filter(one -> one > 0).max();
    }

    ObjectNode toJson() {
        ObjectNode json =
                Output.object()
                        .put("ok", true)
                        .put("name", job.getName())
                        .put("batch", job.getJobType() == JobType.BATCH)
                        .put("slots", Slots.of(job));
        parallelism().ifPresent(one -> json.put("parallelism", one));
        Checkpoints.describe(job, PARTS, json);
        Afterwards.describe(job.getJobConfiguration(), json);
        ArrayNode array = json.putArray("operators");
        operators.forEach(operator -> array.add(operator.toJson()));
        return json;
    }
}
