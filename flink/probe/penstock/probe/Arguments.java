package penstock.probe;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** {@code COMMAND [--name value ...]}. What may hold a secret comes by a file: everybody reads command lines. */
final class Arguments {
    private static final long DEFAULT_DEADLINE_SECONDS = 60;

    private final String command;
    private final Map<String, String> values = new HashMap<>();

    private Arguments(String command) {
        this.command = command;
    }

    static Arguments parse(String[] args) throws Refusal {
        Arguments arguments = new Arguments(args.length == 0 ? "" : args[0]);
        for (int i = 1; i < args.length; i += 2) {
            if (!args[i].startsWith("--") || i + 1 == args.length) {
                throw new Refusal("BAD_USAGE", "Expected --name value, got " + args[i] + ".");
            }
            arguments.values.put(args[i].substring(2), args[i + 1]);
        }
        return arguments;
    }

    String command() {
        return command;
    }

    /** The value of the first of these names that is there, or null. */
    String optional(String... names) {
        return Arrays.stream(names).map(values::get).filter(value -> value != null).findFirst().orElse(null);
    }

    String required(String... names) throws Refusal {
        String value = optional(names);
        if (value == null) {
            throw new Refusal("BAD_USAGE", "--" + names[0] + " is missing.");
        }
        return value;
    }

    /** A whole number greater than 0. */
    long number(String name, long otherwise) throws Refusal {
        String value = values.getOrDefault(name, Long.toString(otherwise));
        try {
            long number = Long.parseLong(value);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException fallThrough) {
            // Said below, as for 0.
        }
        throw new Refusal("BAD_USAGE", "--" + name + " wants a whole number greater than 0, got " + value + ".");
    }

    Duration deadline() throws Refusal {
        return Duration.ofSeconds(number("deadline", DEFAULT_DEADLINE_SECONDS));
    }
}
