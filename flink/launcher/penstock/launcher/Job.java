package penstock.launcher;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptionsInternal;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What one job is started with, as the portal writes it: {@code {"id", "entryClass" or null, "from" or null,
 * "allowNonRestoredState", "arguments": []}}.
 */
final class Job {
    private final JsonNode fields;

    private Job(JsonNode fields) {
        this.fields = fields;
    }

    static Job read(Path file) throws IOException {
        try {
            return new Job(new ObjectMapper().readTree(Files.readAllBytes(file)));
        } catch (IOException unreadable) {
            // A parser's complaint quotes what it read, and that may be a secret.
            throw new IOException("What the job is started with cannot be read from " + file + ".");
        }
    }

    /** The job's id and the state that it starts from, as Flink's own entry point puts them there. */
    void addTo(Configuration configuration) {
        configuration.set(PipelineOptionsInternal.PIPELINE_FIXED_JOB_ID, fields.required("id").textValue());
        String from = fields.required("from").textValue();
        SavepointRestoreSettings settings =
                from == null
                        ? SavepointRestoreSettings.none()
                        : SavepointRestoreSettings.forPath(
                                from, fields.required("allowNonRestoredState").booleanValue());
        SavepointRestoreSettings.toConfiguration(settings, configuration);
    }

    /** Null leaves it to the manifest. */
    String entryClass() {
        return fields.required("entryClass").textValue();
    }

    String[] arguments() {
        List<String> arguments = new ArrayList<>();
        fields.required("arguments").forEach(argument -> arguments.add(argument.textValue()));
        return arguments.toArray(new String[0]);
    }
}
