package penstock.probe;

import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.state.CompletedCheckpointStorageLocation;
import org.apache.flink.runtime.state.filesystem.AbstractFsCheckpointStorageAccess;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ArrayNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.DataInputStream;
import java.io.IOException;
import java.util.Collection;

/** A savepoint or a retained checkpoint, as its {@code _metadata} tells. */
final class Savepoint {
    private final CheckpointMetadata metadata;

    private Savepoint(CheckpointMetadata metadata) {
        this.metadata = metadata;
    }

    static Savepoint at(String path) throws Refusal {
        CompletedCheckpointStorageLocation location;
        try {
            location = AbstractFsCheckpointStorageAccess.resolveCheckpointPointer(path);
        } catch (IOException | IllegalArgumentException absent) {
            throw new Refusal("SAVEPOINT_NOT_FOUND", absent.getMessage(), absent);
        }
        try (DataInputStream stream = new DataInputStream(location.getMetadataHandle().openInputStream())) {
            ClassLoader loader = Savepoint.class.getClassLoader();
            return new Savepoint(
                    Checkpoints.loadCheckpointMetadata(stream, loader, location.getExternalPointer()));
        } catch (IOException | RuntimeException unreadable) {
            throw new Refusal(
                    "SAVEPOINT_UNREADABLE", "The savepoint at " + path + " cannot be read: " + unreadable, unreadable);
        }
    }

    Collection<OperatorState> operators() {
        return metadata.getOperatorStates();
    }

    /** Whether a job that leaves this operator out is refused; the rule is that of {@code Checkpoints.loadAndValidateCheckpoint}. */
    static boolean holdsState(OperatorState operator) {
        return operator.getCoordinatorState() != null
                || operator.getStates().stream().anyMatch(OperatorSubtaskState::hasState);
    }

    static ObjectNode toJson(OperatorState operator) {
        return Output.object()
                .put("id", operator.getOperatorID().toHexString())
                .put("parallelism", operator.getParallelism())
                .put("maxParallelism", operator.getMaxParallelism())
                .put("stateSize", operator.getStateSize())
                .put("holdsState", holdsState(operator));
    }

    ObjectNode toJson() {
        ObjectNode json = Output.object().put("ok", true).put("checkpointId", metadata.getCheckpointId());
        ArrayNode array = json.putArray("operators");
        operators().forEach(operator -> array.add(toJson(operator)));
        return json;
    }
}
