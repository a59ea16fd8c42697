package penstock.probe;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ArrayNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

import java.lang.reflect.Method;

/** The type of an option's value, in words. Flink keeps it to itself, so it is asked by reflection. */
final class OptionType {
    private final Class<?> value;
    private final boolean list;

    private OptionType(Class<?> value, boolean list) {
        this.value = value;
        this.list = list;
    }

    static OptionType of(ConfigOption<?> option) throws ReflectiveOperationException {
        return new OptionType((Class<?>) hidden(option, "getClazz"), (boolean) hidden(option, "isList"));
    }

    private static Object hidden(ConfigOption<?> option, String name) throws ReflectiveOperationException {
        Method method = ConfigOption.class.getDeclaredMethod(name);
        method.setAccessible(true);
        return method.invoke(option);
    }

    /** Puts {@code type}, and for an enumeration the {@code values} that can be written. */
    void describe(ObjectNode json) {
        String name = value.isEnum() ? "Enum" : value.getSimpleName();
        json.put("type", list ? "List of " + name : name);
        if (value.isEnum()) {
            ArrayNode values = json.putArray("values");
            for (Object constant : value.getEnumConstants()) {
                values.add(constant.toString());
            }
        }
    }

    /** The default as Flink itself would write it into a configuration file, or null. */
    static <T> String defaultOf(ConfigOption<T> option) {
        if (!option.hasDefaultValue()) {
            return null;
        }
        return new Configuration().set(option, option.defaultValue()).toMap().get(option.key());
    }
}
