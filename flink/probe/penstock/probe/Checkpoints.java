package penstock.probe;

import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.tasks.CheckpointCoordinatorConfiguration;
import org.apache.flink.runtime.jobgraph.tasks.JobCheckpointingSettings;
import org.apache.flink.runtime.state.CheckpointStorage;
import org.apache.flink.runtime.state.storage.FileSystemCheckpointStorage;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.flink.util.SerializedValue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;

/** How often a job takes checkpoints, and where to where its own code says so: options that it was given name no place. */
final class Checkpoints {
    private Checkpoints() {}

    static void describe(JobGraph job, ObjectInputFilter parts, ObjectNode json) {
        JobCheckpointingSettings settings = job.getCheckpointingSettings();
        if (settings == null) {
            return;
        }
        CheckpointCoordinatorConfiguration coordination = settings.getCheckpointCoordinatorConfiguration();
        if (coordination.isCheckpointingEnabled()) {
            json.put("checkpointInterval", coordination.getCheckpointInterval());
        }
        String folder = folder(settings.getDefaultCheckpointStorage(), parts);
        if (folder == null) {
            folder = job.getJobConfiguration().get(CheckpointingOptions.CHECKPOINTS_DIRECTORY);
        }
        if (folder != null) {
            json.put("checkpointFolder", folder);
        }
    }

    /** Of a storage that is the job's own class nothing is made, and it has no folder that is known. */
    private static String folder(SerializedValue<CheckpointStorage> storage, ObjectInputFilter parts) {
        if (storage == null) {
            return null;
        }
        try (ObjectInputStream stream = new ObjectInputStream(new ByteArrayInputStream(storage.getByteArray()))) {
            stream.setObjectInputFilter(parts);
            Object made = stream.readObject();
            return made instanceof FileSystemCheckpointStorage
                    ? ((FileSystemCheckpointStorage) made).getCheckpointPath().toString()
                    : null;
        } catch (IOException | ReflectiveOperationException | RuntimeException | LinkageError unreadable) {
            return null;
        }
    }
}
