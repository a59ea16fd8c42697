package penstock.probe;

import org.apache.flink.api.dag.Pipeline;
import org.apache.flink.client.FlinkPipelineTranslationUtil;
import org.apache.flink.runtime.OperatorIDPair;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.jobmanager.scheduler.SlotSharingGroup;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ArrayNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamGraphHasherV2;
import org.apache.flink.streaming.api.graph.StreamNode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The job that a jar builds, with the operators inside its chained vertices: it is they that own state. */
final class Graph {
    private final JobGraph job;
    private final List<Operator> operators = new ArrayList<>();

    private Graph(JobGraph job, Map<OperatorID, StreamNode> nodes) {
        this.job = job;
        for (JobVertex vertex : job.getVerticesSortedTopologicallyFromSources()) {
            for (OperatorIDPair ids : vertex.getOperatorIDs()) {
                operators.add(new Operator(ids, vertex, nodes.get(ids.getGeneratedOperatorID())));
            }
        }
    }

    static Graph of(Arguments arguments) throws Refusal {
        Program program = Program.load(arguments);
        Pipeline pipeline = program.pipeline();
        try {
            Map<OperatorID, StreamNode> nodes = nodesOf(pipeline);
            JobGraph job =
                    FlinkPipelineTranslationUtil.getJobGraphUnderUserClassLoader(
                            program.classLoader(), pipeline, program.configuration(), program.parallelism());
            return new Graph(job, nodes);
        } catch (RuntimeException problem) {
            throw new Refusal("GRAPH_INVALID", "Flink refuses the job that main builds: " + problem.getMessage(), problem);
        }
    }

    /** Nodes know names and uids, job vertices only ids; the ids come from the hasher that Flink itself uses. */
    private static Map<OperatorID, StreamNode> nodesOf(Pipeline pipeline) {
        Map<OperatorID, StreamNode> nodes = new HashMap<>();
        if (pipeline instanceof StreamGraph) {
            StreamGraph stream = (StreamGraph) pipeline;
            new StreamGraphHasherV2()
                    .traverseStreamGraphAndGenerateHashes(stream)
                    .forEach((node, hash) -> nodes.put(new OperatorID(hash), stream.getStreamNode(node)));
        }
        return nodes;
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
