package penstock.probe;

import org.apache.flink.api.common.JobID;
import org.apache.flink.api.dag.Pipeline;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.PipelineExecutor;
import org.apache.flink.core.execution.PipelineExecutorFactory;
import org.apache.flink.core.execution.PipelineExecutorServiceLoader;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * Takes the jobs that a {@code main} submits in place of a cluster. The first one is kept, and {@code main} goes on as
 * if that job had run: what it does then is told as well. A second one is refused at once, for a cluster runs one.
 */
final class Submissions implements PipelineExecutorServiceLoader, PipelineExecutorFactory, PipelineExecutor {
    static final String NAME = "check";
    // A main that has nothing more to do ends at once; one that waits for its job, or loops, is not waited for.
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Output output;
    private final FinishedJob client = new FinishedJob(new JobID());
    private Built first;

    Submissions(Output output) {
        this.output = output;
    }

    @Override
    public synchronized CompletableFuture<JobClient> execute(
            Pipeline pipeline, Configuration configuration, ClassLoader loader) {
        Built built;
        try {
            built = Built.of(pipeline, configuration, loader);
        } catch (Refusal refusal) {
            // Thrown into main it might be swallowed there.
            output.answer(refusal.toJson());
            throw new IllegalStateException(refusal);
        }
        if (first != null) {
            output.answer(several(first.name(), built.name()).toJson());
        }
        first = built;
        Thread clock = new Thread(this::waitThenHandOver, "patience");
        clock.setDaemon(true);
        clock.start();
        return CompletableFuture.completedFuture(client);
    }

    private static Refusal several(String one, String other) {
        String names = one.equals(other) ? "“" + one + "”, twice" : "“" + one + "”, then “" + other + "”";
        return new Refusal(
                "SEVERAL_JOBS",
                "main submits more than one job (" + names + "), and a cluster runs exactly one: the others would never "
                        + "run. Put everything before one execute() (in Table API, one statement set), or create a "
                        + "cluster for each.");
    }

    private void waitThenHandOver() {
        try {
            Thread.sleep(PATIENCE.toMillis());
        } catch (InterruptedException impossible) {
            return;
        }
        handOver(Afterwards.BUSY, "");
    }

    boolean isEmpty() {
        return job() == null;
    }

    private synchronized Built job() {
        return first;
    }

    /** {@code main} has ended, or Java ends, after it had submitted its job. */
    void handOver(Afterwards afterwards, String detail) {
        // Whoever asks a job that never ran for its result gets none: what follows from that is no evidence.
        boolean evidence = afterwards == Afterwards.BUSY || !client.wasAsked();
        try {
            output.hand(evidence ? job().toBytes(afterwards, detail) : job().toBytes(Afterwards.RETURNS, ""));
        } catch (IOException | RuntimeException unwritable) {
            output.answer(Refusal.of(unwritable).toJson());
        }
    }

    @Override
    public PipelineExecutorFactory getExecutorFactory(Configuration configuration) {
        return this;
    }

    @Override
    public PipelineExecutor getExecutor(Configuration configuration) {
        return this;
    }

    @Override
    public String getName() {
        return NAME;
    }

    @Override
    public boolean isCompatibleWith(Configuration configuration) {
        return true;
    }

    @Override
    public Stream<String> getExecutorNames() {
        return Stream.of(NAME);
    }
}
