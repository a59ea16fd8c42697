package penstock.probe;

import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.operators.coordination.CoordinationRequest;
import org.apache.flink.runtime.operators.coordination.CoordinationRequestGateway;
import org.apache.flink.runtime.operators.coordination.CoordinationResponse;
import org.apache.flink.runtime.jobgraph.OperatorID;

import java.util.Collections;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** What {@code main} holds in its hand after it has submitted: a job that has run, found nothing, and finished. */
final class FinishedJob implements JobClient, CoordinationRequestGateway {
    private final JobID id;
    private volatile boolean asked;

    FinishedJob(JobID id) {
        this.id = id;
    }

    /** Whether {@code main} asked for something that only a job that really ran can give. */
    boolean wasAsked() {
        return asked;
    }

    @Override
    public JobID getJobID() {
        return id;
    }

    @Override
    public CompletableFuture<JobStatus> getJobStatus() {
        asked = true;
        return CompletableFuture.completedFuture(JobStatus.FINISHED);
    }

    @Override
    public CompletableFuture<JobExecutionResult> getJobExecutionResult() {
        asked = true;
        return CompletableFuture.completedFuture(new JobExecutionResult(id, 0, Collections.emptyMap()));
    }

    @Override
    public CompletableFuture<Map<String, Object>> getAccumulators() {
        asked = true;
        return CompletableFuture.completedFuture(Collections.emptyMap());
    }

    @Override
    public CompletableFuture<Void> cancel() {
        asked = true;
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<String> stopWithSavepoint(boolean drain, String folder, SavepointFormatType format) {
        return unanswered();
    }

    @Override
    public CompletableFuture<String> triggerSavepoint(String folder, SavepointFormatType format) {
        return unanswered();
    }

    @Override
    public CompletableFuture<CoordinationResponse> sendCoordinationRequest(
            OperatorID operator, CoordinationRequest request) {
        return unanswered();
    }

    private <T> CompletableFuture<T> unanswered() {
        asked = true;
        return CompletableFuture.failedFuture(new IllegalStateException("The job is only checked; it does not run."));
    }
}
