package penstock.probe;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Asks Flink's own classes before a cluster is touched, and prints one JSON document: the options of the distribution,
 * a job graph, the operators of a savepoint, whether the two fit.
 *
 * <p>Only {@code build} runs a user's code. It prints the job graph itself, for a Java of its own to read.
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
            Submissions submissions = new Submissions(output);
            Guard.mount(output, submissions, arguments.deadline());
            if (arguments.command().equals("build")) {
                Program.load(arguments).run(submissions);
            } else {
                output.answer(ask(arguments));
            }
        } catch (Throwable problem) {
            output.answer(Refusal.of(problem).toJson());
        }
    }

    private static ObjectNode fits(Arguments arguments) throws Refusal {
        Graph graph = Graph.read(arguments.required("graph"));
        String before = arguments.optional("before");
        Graph known = before == null ? null : Graph.read(before);
        String states = arguments.optional("states");
        if (states != null) {
            return Fit.ofSavepoints(states, known, graph);
        }
        String state = arguments.optional("savepoint", "path");
        if (state != null) {
            return Fit.ofSavepoint(Savepoint.at(state), known, graph).toJson();
        }
        if (known == null) {
            throw new Refusal("BAD_USAGE", "--savepoint or --before is missing.");
        }
        return Fit.ofJob(known, graph).toJson();
    }

    private static ObjectNode ask(Arguments arguments) throws Exception {
        switch (arguments.command()) {
            case "options":
                return Catalogue.ofDistribution().toJson();
            case "graph":
                return Graph.read(arguments.required("graph")).toJson();
            case "savepoint":
                return Savepoint.at(arguments.required("savepoint", "path")).toJson();
            case "fits":
                return fits(arguments);
            default:
                throw new Refusal(
                        "BAD_USAGE",
                        "Unknown command \"" + arguments.command() + "\": it is options, build, graph, savepoint or fits.");
        }
    }
}
