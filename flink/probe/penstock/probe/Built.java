package penstock.probe;

import org.apache.flink.api.dag.Pipeline;
import org.apache.flink.client.deployment.executors.PipelineExecutorUtils;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamGraphHasherV2;
import org.apache.flink.streaming.api.graph.StreamNode;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.Collections;

/**
 * The job graph that a user's {@code main} has built, made ready to be handed to a Java in which nothing of the user
 * runs: what it answers no {@code main} can answer in its place.
 */
final class Built {
    private final JobGraph job;

    private Built(JobGraph job) {
        this.job = job;
    }

    /** Translates it as an application cluster would. */
    static Built of(Pipeline pipeline, Configuration configuration, ClassLoader loader) throws Refusal {
        try {
            JobGraph job = PipelineExecutorUtils.getJobGraph(pipeline, configuration, loader);
            return new Built(named(withoutUserCode(job), pipeline));
        } catch (IOException | RuntimeException problem) {
            throw new Refusal("GRAPH_INVALID", "Flink refuses the job that main builds: " + problem.getMessage(), problem);
        }
    }

    String name() {
        return job.getName();
    }

    /** What runs is of no interest, and who reads the graph does not know its classes. */
    private static JobGraph withoutUserCode(JobGraph job) {
        job.setJobStatusHooks(Collections.emptyList());
        for (JobVertex vertex : job.getVertices()) {
            vertex.setInputSplitSource(null);
            Configuration configuration = vertex.getConfiguration();
            new ArrayList<>(configuration.keySet()).forEach(configuration::removeKey);
        }
        return job;
    }

    /** Nodes know names and uids, job vertices only ids; the ids come from the hasher that Flink itself uses. */
    private static JobGraph named(JobGraph job, Pipeline pipeline) {
        if (pipeline instanceof StreamGraph) {
            StreamGraph stream = (StreamGraph) pipeline;
            new StreamGraphHasherV2()
                    .traverseStreamGraphAndGenerateHashes(stream)
                    .forEach((node, hash) -> name(job, new OperatorID(hash), stream.getStreamNode(node)));
        }
        return job;
    }

    private static void name(JobGraph job, OperatorID id, StreamNode node) {
        if (node != null) {
            Naming.of(node).keep(job.getJobConfiguration(), id);
        }
    }

    byte[] toBytes(Afterwards afterwards, String detail) throws IOException {
        afterwards.keep(job.getJobConfiguration(), detail);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream stream = new ObjectOutputStream(bytes)) {
            stream.writeObject(job);
        }
        return bytes.toByteArray();
    }
}
