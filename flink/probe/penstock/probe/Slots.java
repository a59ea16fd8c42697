package penstock.probe;

import org.apache.flink.runtime.jobgraph.DistributionPattern;
import org.apache.flink.runtime.jobgraph.JobEdge;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.JobType;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.runtime.jobgraph.topology.DefaultLogicalPipelinedRegion;
import org.apache.flink.runtime.jobgraph.topology.DefaultLogicalTopology;
import org.apache.flink.runtime.jobgraph.topology.LogicalVertex;
import org.apache.flink.runtime.jobmanager.scheduler.SlotSharingGroup;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How many slots a job needs at one moment. Tasks of one slot sharing group share slots; groups do not. A job for ever
 * runs all of its tasks at once; a batch job runs one pipelined region after the other.
 */
final class Slots {
    private Slots() {}

    /** With fewer than these the job cannot run. */
    static int of(JobGraph job) {
        if (job.getJobType() != JobType.BATCH) {
            return Math.max(1, width(job.getVertices(), 1));
        }
        int widest = 1;
        for (DefaultLogicalPipelinedRegion region : DefaultLogicalTopology.fromJobGraph(job).getAllPipelinedRegions()) {
            List<JobVertex> vertices = new ArrayList<>();
            for (LogicalVertex vertex : region.getVertices()) {
                vertices.add(job.findVertexByID(vertex.getId()));
            }
            widest = Math.max(widest, width(vertices, pieces(vertices)));
        }
        return widest;
    }

    /** The sum over all groups of their widest vertex, spread over so many pieces that run one after the other. */
    private static int width(Iterable<JobVertex> vertices, int pieces) {
        Map<SlotSharingGroup, Integer> widest = new HashMap<>();
        for (JobVertex vertex : vertices) {
            widest.merge(vertex.getSlotSharingGroup(), parallelism(vertex), Math::max);
        }
        return widest.values().stream().mapToInt(width -> (width + pieces - 1) / pieces).sum();
    }

    /**
     * Where no subtask needs all of another vertex's, the scheduler takes a region apart into as many pieces as its
     * narrowest vertex has subtasks, at most.
     */
    private static int pieces(List<JobVertex> region) {
        for (JobVertex vertex : region) {
            for (JobEdge input : vertex.getInputs()) {
                boolean inside =
                        input.getSource().getResultType().mustBePipelinedConsumed()
                                && region.contains(input.getSource().getProducer());
                if (inside && input.getDistributionPattern() == DistributionPattern.ALL_TO_ALL) {
                    return 1;
                }
            }
        }
        return region.stream().mapToInt(Slots::parallelism).min().orElse(1);
    }

    /** What is left to Flink may be as little as 1. */
    private static int parallelism(JobVertex vertex) {
        return Math.max(1, vertex.getParallelism());
    }
}
