package penstock.probe;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;

/**
 * The program that is asked for: {@code {"jar": ..., "class": ... or null, "arguments": [...], "options": {...}}}. It
 * comes by a file that only its owner reads, since arguments and options may hold secrets.
 */
final class Order {
    private final JsonNode json;

    private Order(JsonNode json) {
        this.json = json;
    }

    static Order read(File file) throws Refusal {
        try {
            return new Order(new ObjectMapper().readTree(file));
        } catch (IOException unreadable) {
            throw new Refusal("BAD_USAGE", "The program at " + file + " cannot be read.", unreadable);
        }
    }

    File jar() {
        return new File(json.path("jar").asText());
    }

    /** More jars in its class path. */
    List<URL> classPath() throws Refusal {
        List<URL> all = new ArrayList<>();
        try {
            for (JsonNode jar : json.path("classPath")) {
                all.add(new File(jar.asText()).toURI().toURL());
            }
        } catch (MalformedURLException impossible) {
            throw new Refusal("BAD_USAGE", "A jar of the class path has no address.", impossible);
        }
        return all;
    }

    /** The entry class, or null where the manifest names it. */
    String entryClass() {
        return json.path("class").asText(null);
    }

    String[] arguments() {
        List<String> words = new ArrayList<>();
        json.path("arguments").forEach(word -> words.add(word.asText()));
        return words.toArray(new String[0]);
    }

    Configuration configuration() {
        Configuration configuration = new Configuration();
        json.path("options").fields().forEachRemaining(o -> configuration.setString(o.getKey(), o.getValue().asText()));
        return configuration;
    }
}
