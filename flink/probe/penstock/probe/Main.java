package penstock.probe;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Asks Flink's own classes before a cluster is touched, and prints one JSON document: the options of the distribution,
 * the job graph that a jar builds, the operators of a savepoint, whether the two fit.
 *
 * <p>An answer that is bad news ({@code ok: false}) is an answer too: the exit code is 0 whenever a document was printed.
 */
public final class Main {
    private Main() {}

    /** Answers the sub-command that the arguments name. */
    public static void main(String[] args) {
        Output output = Output.claim();
        try {
            Arguments arguments = Arguments.parse(args);
            Guard.mount(output, arguments.deadline());
            output.answer(ask(arguments));
        } catch (Throwable problem) {
            output.answer(Refusal.of(problem).toJson());
        }
    }

    private static ObjectNode ask(Arguments arguments) throws Exception {
        switch (arguments.command()) {
            case "options":
                return Catalogue.ofDistribution().toJson();
            case "graph":
                return Graph.of(arguments).toJson();
            case "savepoint":
                return Savepoint.at(arguments.required("savepoint", "path")).toJson();
            case "fits":
                return Fit.of(Savepoint.at(arguments.required("savepoint", "path")), Graph.of(arguments)).toJson();
            default:
                throw new Refusal(
                        "BAD_USAGE",
                        "Unknown command \"" + arguments.command() + "\": it is options, graph, savepoint or fits.");
        }
    }
}
