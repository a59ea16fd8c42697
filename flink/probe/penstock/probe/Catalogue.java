package penstock.probe;

import org.apache.flink.annotation.docs.Documentation.OverrideDefault;
import org.apache.flink.annotation.docs.Documentation.SuffixOption;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.Collectors;

/**
 * Every option that a {@code *Options} class on the class path declares as a static field, under the key that the
 * documentation gives it: {@code metrics.reporter.<name>.interval}, where the field itself says only {@code interval}.
 */
final class Catalogue {
    private final Map<String, ObjectNode> options = new TreeMap<>();

    private Catalogue() {}

    static Catalogue ofDistribution() throws IOException {
        Catalogue catalogue = new Catalogue();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (entry.endsWith(".jar")) {
                for (String name : optionClasses(entry)) {
                    catalogue.addClass(name);
                }
            }
        }
        return catalogue;
    }

    private static List<String> optionClasses(String path) throws IOException {
        try (JarFile jar = new JarFile(path)) {
            return jar.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.startsWith("org/apache/flink/") && name.endsWith("Options.class"))
                    .filter(name -> !name.contains("/shaded/"))
                    .map(name -> name.substring(0, name.length() - ".class".length()).replace('/', '.'))
                    .collect(Collectors.toList());
        }
    }

    private void addClass(String name) {
        try {
            for (Field field : Class.forName(name).getDeclaredFields()) {
                if (Modifier.isStatic(field.getModifiers()) && field.getType() == ConfigOption.class) {
                    field.setAccessible(true);
                    add(field, (ConfigOption<?>) field.get(null));
                }
            }
        } catch (ReflectiveOperationException | LinkageError unusable) {
            // Its optional library is not in the distribution, so its options could not be used either.
            System.err.println("Left out " + name + ": " + unusable);
        }
    }

    private void add(Field field, ConfigOption<?> option) throws ReflectiveOperationException {
        ObjectNode json = Output.object();
        SuffixOption suffix = field.getAnnotation(SuffixOption.class);
        json.put("key", suffix == null ? option.key() : suffix.value() + "." + option.key());
        OptionType.of(option).describe(json);
        OverrideDefault documented = field.getAnnotation(OverrideDefault.class);
        json.put("default", documented == null ? OptionType.defaultOf(option) : documented.value());
        json.put("description", new PlainText().format(option.description()));
        json.put("deprecated", field.isAnnotationPresent(Deprecated.class));
        json.put("class", field.getDeclaringClass().getSimpleName());
        // Where two classes declare one key, the declaration that is not deprecated describes it.
        options.merge(json.get("key").asText(), json, (one, other) -> one.get("deprecated").asBoolean() ? other : one);
    }

    ObjectNode toJson() {
        ObjectNode json = Output.object().put("ok", true);
        json.putArray("options").addAll(new ArrayList<>(options.values()));
        return json;
    }
}
