package penstock.probe;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.PrintStream;

/** Standard output, kept for the one document. What a user's {@code main} or a logger prints goes to standard error. */
final class Output {
    private final PrintStream standardOutput;

    private Output(PrintStream standardOutput) {
        this.standardOutput = standardOutput;
    }

    /** Takes standard output for the document; must come before anything that may print or log. */
    static Output claim() {
        // Flink's libraries hold Log4j but no settings for it; its small built-in logger starts faster and prints errors only.
        System.setProperty(
                "log4j2.loggerContextFactory", "org.apache.logging.log4j.simple.SimpleLoggerContextFactory");
        Output output = new Output(System.out);
        System.setOut(System.err);
        return output;
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** Prints the document and ends the JVM, without waiting for threads or hooks of a user's {@code main}. The first answer wins. */
    void answer(ObjectNode document) {
        try {
            hand(new ObjectMapper().writeValueAsBytes(document));
        } catch (IOException unwritable) {
            unwritable.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
    }

    /** The same with bytes of another kind. */
    synchronized void hand(byte[] bytes) {
        standardOutput.write(bytes, 0, bytes.length);
        standardOutput.flush();
        Runtime.getRuntime().halt(standardOutput.checkError() ? 1 : 0);
    }
}
